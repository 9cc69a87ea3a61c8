// What the page's worker calls (web/src/engine/library.ts): each function takes and gives text in
// JSON, {"error": "..."} where it failed, which stays valid until the next call. A frame is
// {"type", "width", "height", "channels", "data"}, the last an address; frames that are given
// belong to this module and stay until the same function is called again.
#include <emscripten.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"
#include "src/io/npy.h"
#include "src/io/pfm.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"
#include "web/wasm/page_kernels.h"

namespace dkn {
namespace {

using Json = nlohmann::json;

// Of one call; the page makes one at a time.
struct State {
  std::string answer;
  FrameBuffer read;
  std::vector<std::uint8_t> written;
  UpsampledFrame result;
  FrameBuffer picture;
  Image input;
  std::unique_ptr<PageKernels> kernels;  // of the last result with views, if a network's
};

State& Now() {
  static State state;
  return state;
}

std::uintptr_t AddressOf(const void* data) {
  return reinterpret_cast<std::uintptr_t>(data);
}

Json FrameJson(const ConstFrame& frame) {
  return {{"type", SampleTypeName(frame.type)},
          {"width", frame.width},
          {"height", frame.height},
          {"channels", frame.channels},
          {"data", AddressOf(frame.data)}};
}

ConstFrame FrameIn(const Json& json) {
  const auto* data = reinterpret_cast<const void*>(json.at("data").get<std::uintptr_t>());
  return {data, ParseSampleType(json.at("type").get<std::string>()), json.at("width").get<int>(),
          json.at("height").get<int>(), json.at("channels").get<int>()};
}

bool IsNetwork(const UpsamplerOptions& options) {
  return options.method.empty() || !FindModelFile(options.method).empty();
}

UpsamplerOptions OptionsIn(const Json& json) {
  UpsamplerOptions options;
  options.method = json.value("method", "");
  const std::string invalid = json.value("invalid", "");
  if (invalid == "none") {
    options.invalid_rule = InvalidRule::kNone;
  } else if (!invalid.empty()) {
    options.invalid_rule = InvalidRule::kValue;
    options.invalid = ParseInvalidValues(invalid);
  }
  options.upsample.holes = ParseHoleMode(json.value("holes", "fill"));
  options.upsample.confidence = json.value("confidence", false);
  options.network.max_memory_mb = IsNetwork(options) ? json.value("maxMemoryMb", 0) : 0;
  return options;
}

// What was done and what was found, for the page to tell.
Json FindingsJson(const UpsampledFrame& result, const Upsampler& upsampler) {
  Json json = {{"method", result.method},
               {"network", !FindModelFile(result.method).empty()},
               {"holes", result.holes},
               {"wildValues", result.wild_values},
               {"wildestValue", result.wildest_value},
               {"zeroHoles", result.zero_holes},
               {"zeroValues", result.zero_values},
               {"loneValues", result.lone_values},
               {"lonePixels", result.lone_pixels},
               {"guideNote", upsampler.guide_note()},
               {"reason", ""}};
  for (const MethodChoice& choice : upsampler.choices()) {
    if (choice.method == result.method) {
      json["reason"] = choice.reason;
    }
  }
  return json;
}

// The guide as methods see it, 8 bits, R, G, B and alpha.
FrameBuffer PictureOf(const ConstFrame& guide) {
  const Image values = GuideOf(guide);
  FrameBuffer picture(SampleType::kUint8, values.width(), values.height(), 4);
  std::uint8_t* to = picture.As<std::uint8_t>();
  for (int y = 0; y < values.height(); ++y) {
    for (int x = 0; x < values.width(); ++x, to += 4) {
      for (int c = 0; c < 3; ++c) {
        const float value = values(x, y, values.channels() == 1 ? 0 : c);
        to[c] = static_cast<std::uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255.0f + 0.5f);
      }
      to[3] = 255;
    }
  }
  return picture;
}

// NaN for what counts as a hole.
Image InputOf(const ConstFrame& target, const UpsamplerOptions& options) {
  const Image values = ImageOf(target);
  const ValueMeaning meaning = MeaningOf(values, target.type, options);
  return MarkTarget(values, meaning.invalid, {},
                    options.upsample.keep_wild_values || meaning.all_count)
      .values;
}

Json ResultJson(const Json& request, const UpsamplerOptions& options) {
  State& state = Now();
  const ConstFrame guide = FrameIn(request.at("guide"));
  const ConstFrame target = FrameIn(request.at("target"));
  Upsampler upsampler(options);
  upsampler.SetGuide(guide);
  state.result = upsampler.Upsample(target);
  const UpsampledFrame& result = state.result;
  Json json = FindingsJson(result, upsampler);
  json["image"] = FrameJson(result.image);
  if (!result.confidence.empty()) {
    json["confidence"] = FrameJson(FrameOf(result.confidence));
  }
  const ValueMeaning meaning = MeaningOf(ImageOf(target), target.type, options);
  json["mark"] = meaning.mark ? Json(*meaning.mark) : Json();
  if (request.value("views", false)) {
    state.picture = PictureOf(guide);
    json["picture"] = FrameJson(state.picture);
    state.kernels.reset();
    if (target.channels == 1) {
      state.input = InputOf(target, options);
      json["input"] = FrameJson(FrameOf(state.input));
    }
    if (target.channels == 1 && json["network"]) {
      state.kernels = std::make_unique<PageKernels>(guide, target, options, result.method);
    }
  }
  return json;
}

Json UpsampleJson(const Json& request) {
  UpsamplerOptions options = OptionsIn(request.at("options"));
  constexpr int kMostMegabytes = 3000;  // of the 4 GiB that the module can have
  for (int& megabytes = options.network.max_memory_mb;; megabytes *= 2) {
    try {
      return ResultJson(request, options);
    } catch (const MemoryError&) {  // the images alone take the bound
      if (megabytes == 0 || megabytes > kMostMegabytes / 2) {
        throw;
      }
    }
  }
}

Json KernelJson(int x, int y) {
  State& state = Now();
  if (state.kernels == nullptr) {
    throw Error("there is no network's result to tell kernels of");
  }
  const PixelKernel kernel = state.kernels->At(x, y);
  return {{"x", kernel.x}, {"y", kernel.y}, {"weight", kernel.weight}, {"level", kernel.level}};
}

Json ReadJson(const std::string& format, Bytes bytes) {
  std::vector<std::string> notes;
  ReadOptions options;
  options.notes = &notes;
  FrameBuffer& read = Now().read;
  read = format == "npy" ? ParseNpy(bytes, options) : ParsePfm(bytes, options);
  Json json = FrameJson(read);
  json["notes"] = notes;
  return json;
}

Json WriteJson(const std::string& format, const ConstFrame& frame) {
  std::vector<std::uint8_t>& written = Now().written;
  written = format == "npy" ? FormatNpy(frame) : FormatPfm(ImageOf(frame));
  return {{"data", AddressOf(written.data())}, {"size", written.size()}};
}

template <typename Body>
const char* Answer(const Body& body) {
  Json json;
  try {
    json = body();
  } catch (const std::bad_alloc&) {
    json = {{"error", "the browser gives no more memory"}};
  } catch (const std::exception& error) {
    json = {{"error", error.what()}};
  }
  std::string& answer = Now().answer;
  answer = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return answer.c_str();
}

}  // namespace
}  // namespace dkn

extern "C" {

// Of "npy" or "pfm": a frame, and notes of what was not kept as the file has it.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_read(const char* format, const std::uint8_t* bytes,
                                               int size) {
  return dkn::Answer(
      [&] { return dkn::ReadJson(format, dkn::Bytes(bytes, static_cast<std::size_t>(size))); });
}

// A frame as a file: its bytes' address and number.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_write(const char* format, const char* frame) {
  return dkn::Answer([&] { return dkn::WriteJson(format, dkn::FrameIn(dkn::Json::parse(frame))); });
}

// {"guide": FRAME, "target": FRAME, "views": whether to give the guide as a picture and the
// target's values, and to keep what tells kernels, "options": {"method", "invalid", "holes",
// "confidence", "maxMemoryMb"}}, options as those of the command, the last doubled where images
// alone take more. Waits for ONNX Runtime.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_upsample(const char* request) {
  return dkn::Answer([&] { return dkn::UpsampleJson(dkn::Json::parse(request)); });
}

// Of the last result with views. Waits for ONNX Runtime.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_kernel(int x, int y) {
  return dkn::Answer([&] { return dkn::KernelJson(x, y); });
}

}  // extern "C"
