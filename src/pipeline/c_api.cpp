#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dkn/dkn.h"
#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "dkn/upsample.h"
#include "src/core/size_text.h"
#include "src/pipeline/c_arguments.h"

// The C interface: each function checks what C can get wrong and calls the library.

struct dkn_filter {
  std::shared_ptr<const dkn::JointFilter> filter;
  bool network;
};

struct dkn_stream {
  std::shared_ptr<const dkn::JointFilter> filter;  // must outlive the session
  std::unique_ptr<dkn::FilterSession> session;
  dkn::FilterOutput output;
};

namespace {

using dkn::ArgumentError;
using dkn::ConstView;
using dkn::Guarded;
using dkn::NotNull;
using dkn::View;
using dkn::ViewOf;

std::optional<dkn::Precision> PrecisionOf(int precision) {
  switch (precision) {
    case DKN_PRECISION_FP32:
      return dkn::Precision::kFp32;
    case DKN_PRECISION_BF16:
      return dkn::Precision::kBf16;
    case DKN_PRECISION_INT8:
      return dkn::Precision::kInt8;
    case DKN_PRECISION_AUTO:
      return std::nullopt;
    default:
      throw ArgumentError("options.precision is " + std::to_string(precision) +
                          ", expected a dkn_precision, 0 to 3");
  }
}

dkn_precision PrecisionOf(dkn::Precision precision) {
  return precision == dkn::Precision::kInt8   ? DKN_PRECISION_INT8
         : precision == dkn::Precision::kBf16 ? DKN_PRECISION_BF16
                                              : DKN_PRECISION_FP32;
}

dkn::Resampler ResamplerOf(int resampler) {
  switch (resampler) {
    case DKN_RESAMPLER_BICUBIC:
      return dkn::Resampler::kBicubic;
    case DKN_RESAMPLER_NEAREST:
      return dkn::Resampler::kNearest;
    case DKN_RESAMPLER_BOX:
      return dkn::Resampler::kBox;
    case DKN_RESAMPLER_BILINEAR:
      return dkn::Resampler::kBilinear;
    case DKN_RESAMPLER_LANCZOS:
      return dkn::Resampler::kLanczos;
    default:
      throw ArgumentError("options.resampler is " + std::to_string(resampler) +
                          ", expected a dkn_resampler, 0 to 4");
  }
}

dkn::HoleMode HoleModeOf(int holes) {
  switch (holes) {
    case DKN_HOLES_FILL:
      return dkn::HoleMode::kFill;
    case DKN_HOLES_KEEP:
      return dkn::HoleMode::kKeep;
    case DKN_HOLES_MEASURED:
      return dkn::HoleMode::kMeasured;
    default:
      throw ArgumentError("options.holes is " + std::to_string(holes) +
                          ", expected a dkn_holes, 0 to 2");
  }
}

dkn::UpsampleOptions UpsampleOptionsOf(const dkn_upsample_options& options) {
  dkn::UpsampleOptions upsample;
  upsample.resampler = ResamplerOf(options.resampler);
  upsample.holes = HoleModeOf(options.holes);
  if (options.has_invalid != 0) {
    upsample.invalid = options.invalid;
  }
  if (options.least_support != 0.0f) {
    upsample.least_support = options.least_support;
  }
  if (options.hole_refinements != 0) {
    upsample.hole_refinements = options.hole_refinements == -1 ? 0 : options.hole_refinements;
  }
  upsample.fidelity_iterations = options.fidelity_iterations;
  upsample.limit_to_measured = options.limit_to_measured != 0;
  upsample.confidence = options.confidence != nullptr;
  if (options.mask != nullptr) {
    upsample.mask = ViewOf(options.mask, "options.mask");
  }
  return upsample;
}

dkn::NetworkOptions NetworkOptionsOf(const dkn_filter_options* given) {
  const dkn_filter_options options = dkn::KnownOptions(given, "options");
  dkn::NetworkOptions network;
  network.precision = PrecisionOf(options.precision);
  if (options.max_memory_mb < 0) {
    throw ArgumentError("options.max_memory_mb is " + std::to_string(options.max_memory_mb) +
                        ", expected 0 or more");
  }
  network.max_memory_mb = options.max_memory_mb;
  if (!(options.max_rmse_change_percent >= 0.0)) {  // NaN too
    throw ArgumentError("options.max_rmse_change_percent is negative or NaN");
  }
  if (options.max_rmse_change_percent > 0.0) {
    network.max_rmse_change_percent = options.max_rmse_change_percent;
  }
  return network;
}

// An output as a view, for results of this size.
View OutputOf(const dkn_image* out, ConstView size, int channels, const std::string& name = "out") {
  const View view = ViewOf(out, name.c_str());
  if (!SameSize(view, size) || view.channels != channels) {
    throw dkn::Error(name + " is " + dkn::SizeText(view) + " with " +
                     std::to_string(view.channels) + " channels, the result is " +
                     dkn::SizeText(size) + " with " + std::to_string(channels));
  }
  return view;
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
    case DKN_ERROR_MODEL:
      return "DKN_ERROR_MODEL";
    case DKN_ERROR_INPUT:
      return "DKN_ERROR_INPUT";
    case DKN_ERROR_MEMORY:
      return "DKN_ERROR_MEMORY";
    case DKN_ERROR_INTERNAL:
      return "DKN_ERROR_INTERNAL";
    default:
      return "unknown status";
  }
}

const char* dkn_version(void) {
  return DKN_VERSION;
}

int dkn_version_number(void) {
  return DKN_VERSION_NUMBER;
}

dkn_status dkn_set_threads(int count) {
  return Guarded(DKN_ERROR_ARGUMENT, [&] { dkn::SetThreads(count); });
}

dkn_status dkn_list_methods(char* buffer, size_t size, size_t* needed) {
  return Guarded(DKN_ERROR_MODEL, [&] {
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

dkn_status dkn_filter_create(const char* name_or_file, const dkn_filter_options* options,
                             dkn_filter** filter) {
  return Guarded(DKN_ERROR_MODEL, [&] {
    NotNull(filter, "filter") = nullptr;
    const std::string name = &NotNull(name_or_file, "name_or_file");
    *filter = new dkn_filter{dkn::CreateFilter(name, NetworkOptionsOf(options)),
                             !dkn::FindModelFile(name).empty()};
  });
}

void dkn_filter_destroy(dkn_filter* filter) {
  delete filter;
}

dkn_status dkn_filter_precision(const dkn_filter* filter, dkn_precision* precision) {
  return Guarded(DKN_ERROR_ARGUMENT, [&] {
    const dkn::Precision computed = NotNull(filter, "filter").filter->precision();
    NotNull(precision, "precision") = PrecisionOf(computed);
  });
}

dkn_status dkn_filter_apply(const dkn_filter* filter, const dkn_image* guide,
                            const dkn_image* target, const dkn_image* out) {
  return Guarded(DKN_ERROR_INPUT, [&] {
    NotNull(filter, "filter");
    const dkn::FilterInput input{ViewOf(guide, "guide"), ViewOf(target, "target")};
    const View view = OutputOf(out, input.target, input.target.channels);
    dkn::FilterOutput output;
    filter->filter->Apply(input, output);
    Copy(output.image, view);
  });
}

dkn_status dkn_upsample(const dkn_filter* filter, const dkn_image* guide, const dkn_image* target,
                        const dkn_upsample_options* options, const dkn_image* out) {
  return Guarded(DKN_ERROR_INPUT, [&] {
    NotNull(filter, "filter");
    const View guide_view = ViewOf(guide, "guide");
    const View target_view = ViewOf(target, "target");
    const dkn_upsample_options known = dkn::KnownOptions(options, "options");
    const View view = OutputOf(out, guide_view, target_view.channels);
    View confidence;
    if (known.confidence != nullptr) {
      confidence = OutputOf(known.confidence, guide_view, 1, "options.confidence");
    }
    const dkn::Upsampled result =
        dkn::UpsampleFrame(guide_view, target_view, *filter->filter, UpsampleOptionsOf(known));
    Copy(result.image, view);
    if (known.confidence != nullptr) {
      Copy(result.confidence, confidence);
    }
  });
}

dkn_status dkn_stream_create(const dkn_filter* filter, const dkn_frame_size* size,
                             dkn_stream** stream) {
  return Guarded(DKN_ERROR_ARGUMENT, [&] {
    NotNull(stream, "stream") = nullptr;
    const dkn_frame_size& frame = NotNull(size, "size");
    if (!NotNull(filter, "filter").network) {
      throw ArgumentError("the filter is no network: it has no streams");
    }
    auto session = filter->filter->StartSession(
        {frame.width, frame.height, frame.guide_channels, frame.target_channels});
    *stream = new dkn_stream{filter->filter, std::move(session), {}};
  });
}

void dkn_stream_destroy(dkn_stream* stream) {
  delete stream;
}

dkn_status dkn_stream_set_guide(dkn_stream* stream, const dkn_image* guide) {
  return Guarded(DKN_ERROR_INPUT,
                 [&] { NotNull(stream, "stream").session->SetGuide(ViewOf(guide, "guide")); });
}

dkn_status dkn_stream_filter(dkn_stream* stream, const dkn_image* target, const dkn_image* out) {
  return Guarded(DKN_ERROR_INPUT, [&] {
    NotNull(stream, "stream");
    dkn::FilterInput input;
    input.target = ViewOf(target, "target");
    const View view = OutputOf(out, input.target, input.target.channels);
    stream->session->Apply(input, stream->output);
    Copy(stream->output.image, view);
  });
}
