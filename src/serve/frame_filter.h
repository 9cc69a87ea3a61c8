#ifndef DKN_SRC_SERVE_FRAME_FILTER_H_
#define DKN_SRC_SERVE_FRAME_FILTER_H_

#include <map>
#include <memory>
#include <string>

#include "dkn/model.h"
#include "dkn/upsample_files.h"
#include "dkn/upsampler.h"
#include "src/core/json_members.h"
#include "src/io/frame_source.h"
#include "src/pipeline/sample_units.h"
#include "src/report/inspection.h"
#include "src/serve/shown_frame.h"
#include "src/serve/view_controls.h"

namespace dkn::serve {

// What a frame is filtered by, beside the controls.
struct FilterSetup {
  FileTask task;
  std::string first_model;    // that the program was started with, see Apply
  bool may_be_empty = false;  // FrameSource::MayBeEmpty
};

// Frames by one state of the controls: results are those of `dkn upsample`. Of one thread.
class FrameFilter {
 public:
  // Throws Error as Upsampler does.
  FrameFilter(const FilterSetup& setup, const ViewControls& controls);

  const ViewControls& controls() const { return controls_; }

  // A frame's planes, and the header but for what the source tells: "method", "ms" (of "guide",
  // "network" and "other", the rest of the Upsampler's work, and of "page", what is made for pages
  // alone), "holes_percent", "wild_values",
  // "residual", "hole" (the result's value that stands for a hole, or null), "unit" and "place".
  // Notes on the frame are added to its own. Throws Error as Upsampler::Upsample does.
  std::shared_ptr<ShownFrame> Filter(SourceFrame& frame);

  // The learned kernel of a pixel in the frame that was filtered last, as `dkn inspect` tells it:
  // "x", "y", "model", "target", "result" and "taps" of "x", "y", "weight", "level", "value" and
  // "contribution". Throws Error where the method has none, and as report::Inspection.
  Json KernelAt(const SourceFrame& frame, const Pixel& pixel);

 private:
  void SetGuide(SourceFrame& frame);
  // Holes of the target as NaN, where the guide's view shows it.
  Image MarkedInput(const SourceFrame& frame) const;
  Image MarkedInput(const SourceFrame& frame, ConstView image, const ValueMeaning& meaning) const;
  const Model& ModelOf(const std::string& method);
  void Describe(const SourceFrame& frame, const UpsampledFrame& result, const ValueMeaning& meaning,
                Json& header) const;

  const FilterSetup setup_;
  const ViewControls controls_;
  UpsamplerOptions options_;
  Upsampler upsampler_;
  HeldFrame guide_;          // that the upsampler has
  HeldFrame guide_picture_;  // the same as a page gets it
  std::string method_;       // of the last frame
  std::map<std::string, std::unique_ptr<Model>> models_;
  std::unique_ptr<report::Inspection> inspection_;  // of the last frame, once somebody asked
};

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_FRAME_FILTER_H_
