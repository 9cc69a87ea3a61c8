#include "dkn/orientations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"

namespace dkn {
namespace {

// Mirrored, then transposed.
struct Orientation {
  bool left_right = false;
  bool upside_down = false;
  bool transposed = false;
};

// In this order, so that the first 1, 2, 4 and 8 are each as alike in all directions as they can
// be, and frames of one shape are neighbours.
constexpr Orientation kOrientations[] = {
    {false, false, false}, {true, true, false}, {true, false, false}, {false, true, false},
    {false, false, true},  {true, true, true},  {true, false, true},  {false, true, true}};

FrameSize SizeIn(const Orientation& orientation, FrameSize size) {
  if (orientation.transposed) {
    std::swap(size.width, size.height);
  }
  return size;
}

// Calls body(x, y, from_x, from_y) for each pixel of a plane of this size in the orientation, and
// where it is in the plane as it was.
template <typename Body>
void ForEachPixel(const Orientation& how, int width, int height, const Body& body) {
  const int columns = how.transposed ? height : width;
  const int rows = how.transposed ? width : height;
  ParallelFor(0, rows, [&](int y) {
    for (int x = 0; x < columns; ++x) {
      const int from_x = how.transposed ? y : x;
      const int from_y = how.transposed ? x : y;
      body(x, y, how.left_right ? width - 1 - from_x : from_x,
           how.upside_down ? height - 1 - from_y : from_y);
    }
  });
}

// `image` in the orientation; empty where it is.
void Turn(const Orientation& how, ConstView image, Image& turned) {
  if (image.empty()) {
    turned = Image();
    return;
  }
  turned.Reset(how.transposed ? image.height : image.width,
               how.transposed ? image.width : image.height, image.channels);
  for (int c = 0; c < image.channels; ++c) {
    const ConstView from = image.Channel(c);
    const View to = turned.view().Channel(c);
    ForEachPixel(how, image.width, image.height,
                 [&](int x, int y, int from_x, int from_y) { to(x, y) = from(from_x, from_y); });
  }
}

// Adds `turned`, turned back, times `share` to `sum`.
void AddTurnedBack(const Orientation& how, const Image& turned, float share, Image& sum) {
  for (int c = 0; c < sum.channels(); ++c) {
    const ConstView from = turned.view().Channel(c);
    const View to = sum.view().Channel(c);
    ForEachPixel(how, sum.width(), sum.height(), [&](int x, int y, int sum_x, int sum_y) {
      to(sum_x, sum_y) += share * from(x, y);
    });
  }
}

// Where the first sample lies along an axis of `pixels` whose last one was the first before.
float MirroredFirst(float first, float step, int samples, int pixels) {
  return static_cast<float>(pixels - 1) - (first + step * static_cast<float>(samples - 1));
}

class OrientedSession : public FilterSession {
 public:
  OrientedSession(const JointFilter& filter, const FrameSize& size, int orientations)
      : filter_(filter), size_(size), orientations_(orientations) {
    SessionIn(kOrientations[0]);
  }

  void SetGuide(ConstView guide) override {
    CheckSessionGuide(guide, size_);
    guide_ = guide;
  }

  void Apply(const FilterInput& input, FilterOutput& output) override {
    if (guide_.empty()) {
      throw Error("a frame before its guide; call SetGuide first");
    }
    CheckSessionInput(input, size_);
    for (int i = 0; i < orientations_; ++i) {
      ApplyIn(kOrientations[i], input, PartOf(input.progress, i, orientations_));
      const bool first = i == 0;
      Add(kOrientations[i], turned_output_.image, first, output.image);
      Add(kOrientations[i], turned_output_.support, first, output.support);
      Add(kOrientations[i], turned_output_.confidence, first, output.confidence);
    }
  }

  bool SeesHoles() const override { return session_->SeesHoles(); }

 private:
  // One for each shape, the other's memory given back.
  FilterSession& SessionIn(const Orientation& how) {
    if (session_ == nullptr || how.transposed != transposed_) {
      session_.reset();
      session_ = filter_.StartSession(SizeIn(how, size_));
      transposed_ = how.transposed;
    }
    return *session_;
  }

  void ApplyIn(const Orientation& how, const FilterInput& input, const Progress& progress) {
    FilterSession& session = SessionIn(how);
    Turn(how, guide_, turned_guide_);
    Turn(how, input.target, turned_target_);
    Turn(how, input.mask, turned_mask_);
    Turn(how, input.samples.values, turned_samples_);
    Turn(how, input.samples.measured, turned_measured_);
    FilterInput turned = input;
    turned.guide = turned_guide_;
    turned.target = turned_target_;
    turned.mask = turned_mask_;
    turned.progress = progress;
    MeasuredSamples& samples = turned.samples;
    samples.values = turned_samples_;
    samples.measured = turned_measured_;
    if (how.left_right) {
      samples.first_x =
          MirroredFirst(samples.first_x, samples.step_x, input.samples.values.width, size_.width);
    }
    if (how.upside_down) {
      samples.first_y =
          MirroredFirst(samples.first_y, samples.step_y, input.samples.values.height, size_.height);
    }
    if (how.transposed) {
      std::swap(samples.first_x, samples.first_y);
      std::swap(samples.step_x, samples.step_y);
    }
    session.SetGuide(turned_guide_);
    session.Apply(turned, turned_output_);
  }

  void Add(const Orientation& how, const Image& turned, bool first, Image& sum) const {
    if (turned.empty()) {
      sum = Image();
      return;
    }
    if (first) {
      sum.Reset(size_.width, size_.height, turned.channels());
      std::fill_n(sum.data(), sum.size(), 0.0f);
    }
    AddTurnedBack(how, turned, 1.0f / static_cast<float>(orientations_), sum);
  }

  const JointFilter& filter_;
  const FrameSize size_;  // as the frames come
  const int orientations_;
  ConstView guide_;
  std::unique_ptr<FilterSession> session_;
  bool transposed_ = false;  // the session's frames
  Image turned_guide_, turned_target_, turned_mask_, turned_samples_, turned_measured_;
  FilterOutput turned_output_;
};

// What a session holds beside that of its filter.
std::size_t CopyBytes(const FrameSize& size) {
  constexpr std::size_t kMaps = 6;  // masks of target and samples; support, confidence, their sums
  const std::size_t planes = static_cast<std::size_t>(size.guide_channels) +
                             3 * static_cast<std::size_t>(size.target_channels) + kMaps;
  return planes * sizeof(float) * static_cast<std::size_t>(size.width) *
         static_cast<std::size_t>(size.height);
}

class OrientedFilter : public JointFilter {
 public:
  OrientedFilter(std::unique_ptr<JointFilter> filter, int orientations)
      : filter_(std::move(filter)), orientations_(orientations) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const auto session = StartSession(
        {input.guide.width, input.guide.height, input.guide.channels, input.target.channels});
    session->SetGuide(input.guide);
    session->Apply(input, output);
  }

  std::unique_ptr<FilterSession> StartSession(const FrameSize& size) const override {
    CheckFrameSize(size);
    return std::make_unique<OrientedSession>(*filter_, WithCopies(size), orientations_);
  }

  std::size_t ApplyBytes(const FrameSize& size) const override {
    return CopyBytes(size) +
           Most(size, [&](const FrameSize& turned) { return filter_->ApplyBytes(turned); });
  }

  std::size_t LeastBytes(const FrameSize& size) const override {
    return Most(WithCopies(size),
                [&](const FrameSize& turned) { return filter_->LeastBytes(turned); });
  }

  Precision precision() const override { return filter_->precision(); }

 private:
  static FrameSize WithCopies(FrameSize size) {
    size.beside += CopyBytes(size);
    return size;
  }

  template <typename Bytes>
  std::size_t Most(const FrameSize& size, const Bytes& bytes) const {
    std::size_t most = 0;
    for (int i = 0; i < orientations_; ++i) {
      most = std::max(most, bytes(SizeIn(kOrientations[i], size)));
    }
    return most;
  }

  const std::unique_ptr<JointFilter> filter_;
  const int orientations_;
};

}  // namespace

std::unique_ptr<JointFilter> AverageOrientations(std::unique_ptr<JointFilter> filter,
                                                 int orientations) {
  CheckOrientations(orientations);
  if (orientations == 1) {
    return filter;
  }
  return std::make_unique<OrientedFilter>(std::move(filter), orientations);
}

void CheckOrientations(int orientations) {
  if (orientations != 1 && orientations != 2 && orientations != 4 && orientations != 8) {
    throw ArgumentError(std::to_string(orientations) + " orientations, expected 1, 2, 4 or 8");
  }
}

}  // namespace dkn
