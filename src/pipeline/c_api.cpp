#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dkn/dkn.h"
#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "dkn/upsampler.h"
#include "src/pipeline/c_arguments.h"
#include "src/pipeline/own_guide.h"

// The C interface: each function checks what C can get wrong and calls the library.

static_assert(std::string_view(DKN_VERSION_STRING) == DKN_PROJECT_VERSION,
              "dkn.h and the project of CMakeLists.txt tell different versions");

struct dkn_upsampler {
  dkn::Upsampler upsampler;
  std::string method;  // of the last frame
};

namespace {

using dkn::ArgumentError;
using dkn::CheckSize;
using dkn::Frame;
using dkn::FrameFrom;
using dkn::Guarded;
using dkn::NotNull;

// A map of one channel beside `out`; without data: none is wanted.
Frame MapFrom(const dkn_frame* given, const char* name, const Frame& out) {
  if (given == nullptr) {
    return {};
  }
  const Frame map = FrameFrom(given, name);
  if (map.type != dkn::SampleType::kFloat32) {
    throw ArgumentError(std::string(name) + " is of type " + dkn::SampleTypeName(map.type) +
                        ", expected DKN_FLOAT32");
  }
  CheckSize(map, name, out, 1);
  return map;
}

// Of a picture whose texture is removed: without alpha.
int ColoursOf(const Frame& picture) {
  return picture.channels < 3 ? 1 : 3;
}

// Of a target without holes that covers the guide: all of it is measured.
dkn::Image AllMeasured(const Frame& size) {
  dkn::Image mask(size.width, size.height);
  std::fill_n(mask.data(), mask.size(), 1.0f);
  return mask;
}

std::string MethodNames() {
  std::string names;
  for (const dkn::FilterInfo& info : dkn::ListFilters()) {
    names += info.name + "\n";
  }
  for (const std::string& model : dkn::ListModels()) {
    names += model + "\n";
  }
  return names;
}

}  // namespace

const char* dkn_status_name(int status) {
  switch (status) {
    case DKN_OK:
      return "DKN_OK";
    case DKN_ERROR_ARGUMENT:
      return "DKN_ERROR_ARGUMENT";
    case DKN_ERROR_METHOD:
      return "DKN_ERROR_METHOD";
    case DKN_ERROR_INPUT:
      return "DKN_ERROR_INPUT";
    case DKN_ERROR_MEMORY:
      return "DKN_ERROR_MEMORY";
    case DKN_ERROR_INTERNAL:
      return "DKN_ERROR_INTERNAL";
    case DKN_ERROR_CANCELLED:
      return "DKN_ERROR_CANCELLED";
    default:
      return "unknown status";
  }
}

const char* dkn_version(void) {
  return DKN_VERSION_STRING;
}

int dkn_version_number(void) {
  return DKN_VERSION_NUMBER;
}

dkn_status dkn_set_threads(int count) {
  return Guarded([&] { dkn::SetThreads(count); });
}

dkn_status dkn_list_methods(char* buffer, size_t size, size_t* needed) {
  return Guarded([&] {
    const std::string names = MethodNames();
    if (needed != nullptr) {
      *needed = names.size() + 1;
    }
    if (buffer == nullptr && size == 0) {
      return;
    }
    NotNull(buffer, "buffer");
    if (size < names.size() + 1) {
      throw ArgumentError("the buffer has " + std::to_string(size) + " bytes, the names take " +
                          std::to_string(names.size() + 1));
    }
    std::memcpy(buffer, names.c_str(), names.size() + 1);
  });
}

dkn_status dkn_upsampler_create(const dkn_upsampler_options* options, dkn_upsampler** upsampler) {
  return Guarded([&] {
    NotNull(upsampler, "upsampler") = nullptr;
    *upsampler = new dkn_upsampler{dkn::Upsampler(dkn::OptionsFrom(options)), ""};
  });
}

dkn_status dkn_upsampler_sibling(const dkn_upsampler* upsampler, dkn_upsampler** sibling) {
  return Guarded([&] {
    NotNull(sibling, "sibling") = nullptr;
    *sibling = new dkn_upsampler{NotNull(upsampler, "upsampler").upsampler.Sibling(), ""};
  });
}

void dkn_upsampler_destroy(dkn_upsampler* upsampler) {
  delete upsampler;
}

dkn_status dkn_upsampler_set_guide(dkn_upsampler* upsampler, const dkn_frame* guide) {
  return Guarded(
      [&] { NotNull(upsampler, "upsampler").upsampler.SetGuide(FrameFrom(guide, "guide")); });
}

dkn_status dkn_upsampler_upsample(dkn_upsampler* upsampler, const dkn_frame* target,
                                  const dkn_frame* mask, const dkn_frame* out, dkn_result* result) {
  return Guarded([&] {
    dkn_upsampler& self = NotNull(upsampler, "upsampler");
    const Frame to = FrameFrom(out, "out");
    dkn_result known = dkn::KnownPart(result, "result");
    const Frame confidence = MapFrom(known.confidence, "result.confidence", to);
    const Frame measured = MapFrom(known.mask, "result.mask", to);
    if (confidence.data != nullptr && !self.upsampler.options().upsample.confidence) {
      throw ArgumentError("result.confidence is set, and the upsampler's option is not");
    }
    dkn::UpsampledFrame frame = self.upsampler.Upsample(
        FrameFrom(target, "target"), mask == nullptr ? Frame() : FrameFrom(mask, "mask"), to);
    self.method = std::move(frame.method);
    if (confidence.data != nullptr) {
      dkn::ToFrame(frame.confidence, confidence);
    }
    if (measured.data != nullptr) {
      dkn::ToFrame(frame.mask.empty() ? AllMeasured(to) : std::move(frame.mask), measured);
    }
    if (result != nullptr) {
      known.holes = frame.holes;
      known.residual = frame.residual;
      known.wild_values = frame.wild_values;
      known.wildest_value = frame.wildest_value;
      known.zero_holes = frame.zero_holes;
      known.zero_values = frame.zero_values;
      known.lone_pixels = frame.lone_pixels;
      known.lone_value = frame.lone_values.empty() ? 0.0f : frame.lone_values.front();
      dkn::ReturnPart(known, result);
    }
  });
}

const char* dkn_upsampler_method(const dkn_upsampler* upsampler) {
  return upsampler == nullptr ? nullptr : upsampler->method.c_str();
}

const char* dkn_upsampler_guide_note(const dkn_upsampler* upsampler) {
  return upsampler == nullptr ? nullptr : upsampler->upsampler.guide_note().c_str();
}

dkn_status dkn_filter_frame(const dkn_filter_options* options, const dkn_frame* guide,
                            const dkn_frame* target, const dkn_frame* out) {
  return Guarded([&] {
    dkn::FilterChoice choice = dkn::OptionsFrom(options);
    const Frame from = FrameFrom(target, "target");
    const Frame to = FrameFrom(out, "out");
    if (to.type != from.type) {
      throw ArgumentError("out is of type " + dkn::SampleTypeName(to.type) +
                          ", expected the target's, " + dkn::SampleTypeName(from.type));
    }
    CheckSize(to, "out", from, guide == nullptr ? ColoursOf(from) : from.channels);
    choice.options.own_guide = guide == nullptr;
    const Frame by = guide == nullptr ? Frame() : FrameFrom(guide, "guide");
    dkn::Upsampler upsampler(std::move(choice.options));
    dkn::FrameBuffer opaque;
    if (guide == nullptr) {
      opaque = dkn::WithoutAlpha(from);
    } else {
      upsampler.SetGuide(by);
    }
    upsampler.Upsample(opaque.empty() ? dkn::ConstFrame(from) : opaque.frame(), choice.mask, to);
  });
}
