// What the page's worker calls (web/src/engine/library.ts): each function takes and gives text in
// JSON, {"error": "..."} where it failed, which stays valid until the next call. A frame is
// {"type", "width", "height", "channels", "data"}, the last an address; frames that are given
// belong to this module and stay until the same function is called again.
#include <emscripten.h>

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"
#include "src/dkn/architecture.h"
#include "src/io/dpt.h"
#include "src/io/npy.h"
#include "src/io/pfm.h"
#include "src/io/pnm.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"
#include "web/wasm/exported_network.h"
#include "web/wasm/page_kernels.h"
#include "web/wasm/refuse_dkn.h"

namespace dkn {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMegabyte = 1'000'000;

// What `dkn export` wrote, as the page has read it.
struct ExportedFile {
  int number = 0;  // the page's
  Architecture architecture;
  int width = 0;  // of the images it takes; 0: any
  int height = 0;
};

// Of one call; the page makes one at a time.
struct State {
  std::map<std::string, ExportedFile> exported;  // by the name that a request's method has
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

// A frame of the request, without data where it has none of the name.
ConstFrame OptionalFrame(const Json& request, const char* name) {
  return request.contains(name) ? FrameIn(request.at(name)) : ConstFrame{};
}

const ExportedFile* FindExported(const std::string& method) {
  const auto found = Now().exported.find(method);
  return found == Now().exported.end() ? nullptr : &found->second;
}

bool IsNetwork(const std::string& method) {
  return method.empty() || FindExported(method) != nullptr || !FindModelFile(method).empty();
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
  options.network.max_memory_mb = IsNetwork(options.method) ? json.value("maxMemoryMb", 0) : 0;
  return options;
}

// What was done and what was found, for the page to tell.
Json FindingsJson(const UpsampledFrame& result, const Upsampler& upsampler) {
  Json json = {{"method", result.method},
               {"network", false},
               {"kernels", false},
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
Image InputOf(const ConstFrame& target, const ConstFrame& mask, const UpsamplerOptions& options) {
  const Image values = ImageOf(target);
  const ValueMeaning meaning = MeaningOf(values, target.type, options);
  return MarkTarget(values, meaning.invalid, MaskWeights(mask, options),
                    options.upsample.keep_wild_values || meaning.all_count)
      .values;
}

// An Upsampler with these options, and the filter of one of `exported`, if it is that.
struct Method {
  explicit Method(UpsamplerOptions options)
      : filter(FilterOf(options)), upsampler(Make(std::move(options))) {}

  static std::unique_ptr<ExportedNetwork> FilterOf(const UpsamplerOptions& options) {
    const ExportedFile* file = FindExported(options.method);
    return file == nullptr
               ? nullptr
               : std::make_unique<ExportedNetwork>(file->number, file->architecture, file->width,
                                                   file->height, options.network.max_memory_mb);
  }
  Upsampler Make(UpsamplerOptions options) const {
    if (filter == nullptr) {
      return Upsampler(std::move(options));
    }
    options.method.clear();
    return Upsampler(std::move(options), *filter);
  }

  const std::unique_ptr<ExportedNetwork> filter;
  Upsampler upsampler;
};

// Gives the memory of the last result back, before the next one takes its own: what this module has
// once taken the browser never gets back.
void ForgetLast(bool kernels_too) {
  State& state = Now();
  state.result = UpsampledFrame();
  state.picture = FrameBuffer();
  state.input = Image();
  if (kernels_too) {
    state.kernels.reset();
  }
}

// The result, in the state, and what is told of it.
Json Upsample(const Json& request, const UpsamplerOptions& options) {
  const ConstFrame target = FrameIn(request.at("target"));
  const ConstFrame mask = OptionalFrame(request, "mask");
  Method method(options);
  const std::size_t most = request.value("mostMb", std::size_t{0}) * kMegabyte;
  if (most != 0 && method.upsampler.FrameBytes(FrameIn(request.at("guide")), target, mask) > most) {
    return {{"tooLarge", true}};
  }
  method.upsampler.SetGuide(FrameIn(request.at("guide")));
  Now().result = method.upsampler.Upsample(target, mask);
  const UpsampledFrame& result = Now().result;
  Json json = FindingsJson(result, method.upsampler);
  if (method.filter != nullptr && !result.method.empty()) {
    json["method"] = options.method;
    json["network"] = true;
  } else if (!result.method.empty()) {
    json["network"] = json["kernels"] = !FindModelFile(result.method).empty();
  }
  json["image"] = FrameJson(result.image);
  if (!result.confidence.empty()) {
    json["confidence"] = FrameJson(FrameOf(result.confidence));
  }
  const ValueMeaning meaning = MeaningOf(ImageOf(target), target.type, options);
  json["mark"] = meaning.mark ? Json(*meaning.mark) : Json();
  return json;
}

Json ResultJson(const Json& request, const UpsamplerOptions& options) {
  State& state = Now();
  const bool views = request.value("views", false);
  ForgetLast(views);
  Json json = Upsample(request, options);  // what it took beside the result is free again
  if (!views) {
    return json;
  }
  const ConstFrame guide = FrameIn(request.at("guide"));
  const ConstFrame target = FrameIn(request.at("target"));
  const ConstFrame mask = OptionalFrame(request, "mask");
  state.picture = PictureOf(guide);
  json["picture"] = FrameJson(state.picture);
  if (target.channels == 1) {
    state.input = InputOf(target, mask, options);
    json["input"] = FrameJson(FrameOf(state.input));
    if (json["kernels"]) {
      state.kernels =
          std::make_unique<PageKernels>(guide, target, mask, options, state.result.method);
    }
  }
  return json;
}

Json UpsampleJson(const Json& request) {
  UpsamplerOptions options = OptionsIn(request.at("options"));
  constexpr int kMostMegabytes = 3000;  // of the 4 GiB that the module can have
  for (int& megabytes = options.network.max_memory_mb;; megabytes += megabytes / 4) {
    try {
      return ResultJson(request, options);
    } catch (const MemoryError&) {  // the images alone take the bound
      if (megabytes == 0 || megabytes > kMostMegabytes) {
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

// {"name", "file": "onnx" or "safetensors"}, and of ONNX {"number", "metadata", "width", "height"}.
Json OwnNetworkJson(const Json& request) {
  const std::string name = request.at("name");
  if (request.at("file") == "safetensors") {
    LoadModel(name);  // throws where it is none
    return Json::object();
  }
  ExportedFile file;
  file.number = request.at("number");
  file.architecture = FromFields(request.at("metadata").get<ArchitectureFields>());
  CheckArchitecture(file.architecture);
  if (file.architecture.kind == NetworkKind::kDkn) {
    RefuseDkn();
  }
  file.width = request.at("width");
  file.height = request.at("height");
  Now().exported[name] = file;
  return Json::object();
}

FrameBuffer Parse(const std::string& format, Bytes bytes, const ReadOptions& options) {
  return format == "npy"   ? ParseNpy(bytes, options)
         : format == "pfm" ? ParsePfm(bytes, options)
         : format == "pnm" ? ParsePnm(bytes, options)
                           : ParseDpt(bytes, options);
}

Json ReadJson(const std::string& format, bool guide, Bytes bytes) {
  std::vector<std::string> notes;
  ReadOptions options;
  options.guide = guide;
  options.notes = &notes;
  FrameBuffer& read = Now().read;
  read = Parse(format, bytes, options);
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

// Of "npy", "pfm", "pnm" or "dpt": a frame, and notes of what was not kept as the file has it.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_read(const char* format, int guide,
                                               const std::uint8_t* bytes, int size) {
  return dkn::Answer([&] {
    return dkn::ReadJson(format, guide != 0, dkn::Bytes(bytes, static_cast<std::size_t>(size)));
  });
}

// A frame as a file: its bytes' address and number.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_write(const char* format, const char* frame) {
  return dkn::Answer([&] { return dkn::WriteJson(format, dkn::FrameIn(dkn::Json::parse(frame))); });
}

// A network of the person's own, of which requests may have the name as method: see
// OwnNetworkJson. Loads a model by the page's readModel, and may wait for it.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_own_network(const char* request) {
  return dkn::Answer([&] { return dkn::OwnNetworkJson(dkn::Json::parse(request)); });
}

// {"guide": FRAME, "target": FRAME, "mask": FRAME or none, "views": whether to give the guide as a
// picture and the target's values, and to keep what tells kernels, "options": {"method", "invalid",
// "holes", "confidence", "maxMemoryMb"}}, options as those of the command, the last one more by
// quarters where images alone take more. "mostMb", where it is there: what would take more gives
// {"tooLarge": true}. Waits for ONNX Runtime.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_upsample(const char* request) {
  return dkn::Answer([&] { return dkn::UpsampleJson(dkn::Json::parse(request)); });
}

// Of the last result with views. Waits for ONNX Runtime.
EMSCRIPTEN_KEEPALIVE const char* dkn_page_kernel(int x, int y) {
  return dkn::Answer([&] { return dkn::KernelJson(x, y); });
}

}  // extern "C"
