#include <memory>
#include <string>

#include "dkn/dkn.h"
#include "dkn/error.h"
#include "dkn/frame.h"
#include "dkn/segmenter.h"
#include "src/pipeline/c_arguments.h"

// Segmentation from C.

struct dkn_segmenter {
  std::unique_ptr<dkn::Segmenter> segmenter;
};

namespace {

using dkn::ArgumentError;
using dkn::Frame;
using dkn::FrameFrom;
using dkn::NotNull;
using dkn::SampleType;

// Of results that are wanted: of the picture's size.
Frame ResultFrom(const dkn_frame* given, const char* name, const Frame& picture, int channels) {
  const Frame frame = FrameFrom(given, name);
  dkn::CheckSize(frame, name, picture, channels);
  return frame;
}

dkn::SegmenterOptions OptionsFrom(const dkn_segmenter_options* options) {
  const dkn_segmenter_options given = dkn::KnownPart(options, "options");
  dkn::SegmenterOptions known;
  known.filter = given.filter == nullptr ? "" : given.filter;
  known.network =
      dkn::NetworkFrom(given.precision, given.max_memory_mb, given.max_rmse_change_percent);
  known.settings = dkn::SettingsFrom(given.settings);
  known.max_pixels = given.max_pixels;
  return known;
}

}  // namespace

dkn_status dkn_segmenter_create(const char* network, const dkn_segmenter_options* options,
                                dkn_segmenter** segmenter) {
  return dkn::Guarded([&] {
    NotNull(segmenter, "segmenter") = nullptr;
    *segmenter =
        new dkn_segmenter{dkn::Segmenter::Load(&NotNull(network, "network"), OptionsFrom(options))};
  });
}

void dkn_segmenter_destroy(dkn_segmenter* segmenter) {
  delete segmenter;
}

int dkn_segmenter_class_count(const dkn_segmenter* segmenter) {
  return segmenter == nullptr ? 0 : static_cast<int>(segmenter->segmenter->classes().size());
}

const char* dkn_segmenter_class_name(const dkn_segmenter* segmenter, int number) {
  const bool known = number >= 0 && number < dkn_segmenter_class_count(segmenter);
  return known ? segmenter->segmenter->classes()[static_cast<std::size_t>(number)].c_str()
               : nullptr;
}

dkn_status dkn_segmenter_segment(const dkn_segmenter* segmenter, const dkn_frame* picture,
                                 const dkn_frame* labels, const dkn_frame* scores) {
  return dkn::Guarded([&] {
    const dkn::Segmenter& self = *NotNull(segmenter, "segmenter").segmenter;
    const auto classes = static_cast<int>(self.classes().size());
    const Frame from = FrameFrom(picture, "picture");
    if (labels == nullptr && scores == nullptr) {
      throw ArgumentError("labels and scores are NULL, one of them is needed");
    }
    Frame to_labels;
    Frame to_scores;
    if (labels != nullptr) {
      to_labels = ResultFrom(labels, "labels", from, 1);
      const int most = to_labels.type == SampleType::kUint8     ? 256
                       : to_labels.type == SampleType::kFloat16 ? 2048
                                                                : 65536;
      if (classes > most) {
        throw ArgumentError("labels are of type " + dkn::SampleTypeName(to_labels.type) +
                            ", which does not hold " + std::to_string(classes) + " classes");
      }
    }
    if (scores != nullptr) {
      to_scores = ResultFrom(scores, "scores", from, classes);
      if (to_scores.type != SampleType::kFloat32) {
        throw ArgumentError("scores are of type " + dkn::SampleTypeName(to_scores.type) +
                            ", expected DKN_FLOAT32");
      }
    }
    const dkn::Image result = self.Scores(dkn::GuideOf(from));
    if (labels != nullptr) {
      dkn::ToFrame(dkn::LabelsOf(result), to_labels);
    }
    if (scores != nullptr) {
      dkn::ToFrame(result, to_scores);
    }
  });
}
