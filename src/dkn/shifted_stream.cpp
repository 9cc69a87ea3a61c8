#include "src/dkn/shifted_stream.h"

#include <algorithm>
#include <utility>

#include "src/core/parallel_for.h"
#include "src/dkn/network_parts.h"

namespace dkn {
namespace {

// The width x height pixels of `image` that begin at (left, top), channels innermost; pixels
// outside of the image are 0.
void CopyWithZeros(ConstView image, int left, int top, int width, int height, float* out) {
  ParallelFor(0, height, [&](int y) {
    float* to = out + static_cast<std::ptrdiff_t>(y) * width * image.channels;
    std::fill_n(to, static_cast<std::ptrdiff_t>(width) * image.channels, 0.0f);
    const int from_y = top + y;
    if (from_y < 0 || from_y >= image.height) {
      return;
    }
    const int begin = std::clamp(-left, 0, width);
    const int end = std::clamp(image.width - left, begin, width);
    for (int c = 0; c < image.channels; ++c) {
      const float* row = image.Row(from_y, c);
      for (int x = begin; x < end; ++x) {
        to[x * image.channels + c] = row[left + x];
      }
    }
  });
}

class WholePasses : public ShiftedStream {
 public:
  WholePasses(std::vector<Convolution> chain, const Footprint& footprint, Precision precision)
      : network_(std::move(chain), {.hidden = precision}), footprint_(footprint) {}

  std::unique_ptr<Shifts> Prepare(int width, int height) const override {
    const int more = footprint_.size - footprint_.stride;
    return std::make_unique<OnePassEach>(*this, width + more, height + more);
  }
  std::size_t ShiftsBytes(int width, int height) const override {
    const int more = footprint_.size - footprint_.stride;
    const auto size = network_.SizeOf(width + more, height + more);
    return size.bytes + size.input_bytes;
  }

 private:
  class OnePassEach : public Shifts {
   public:
    OnePassEach(const WholePasses& stream, int width, int height)
        : before_(stream.footprint_.before),
          width_(width),
          height_(height),
          session_(stream.network_.Prepare(width, height)) {}

    void SetImage(ConstView image) override { image_ = image; }
    const float* Heads(int x, int y) override {
      CopyWithZeros(image_, x - before_, y - before_, width_, height_, session_->input());
      session_->Run();
      return session_->output();
    }

   private:
    const int before_;
    const int width_;  // of what one pass sees
    const int height_;
    const std::unique_ptr<ConvolutionNetwork::Session> session_;
    ConstView image_;
  };

  const ConvolutionNetwork network_;
  const Footprint footprint_;
};

class SharedShifts : public ShiftedStream {
 public:
  SharedShifts(const DownConvParts& parts, const Footprint& footprint, Precision precision)
      : whole_(parts.whole, DownConvParts::WholeTypes(precision)),
        halves_(parts.halves, parts.HalvesTypes(precision)),
        quarters_(parts.quarters, parts.QuartersTypes(precision)),
        footprint_(footprint) {}

  std::unique_ptr<Shifts> Prepare(int width, int height) const override {
    return std::make_unique<InParts>(*this, width, height);
  }
  std::size_t ShiftsBytes(int width, int height) const override {
    const auto whole = whole_.SizeOf(width + footprint_.size - 1, height + footprint_.size - 1);
    const auto half = halves_.SizeOf(whole.output_width, whole.output_height - 1);
    const auto quarter = quarters_.SizeOf(half.output_width, half.output_height - 1);
    return whole.bytes + whole.input_bytes + half.bytes + quarter.bytes;
  }

 private:
  // A layer of stride 2 that begins a pixel to the right takes the same memory from a pixel later
  // on: rows keep their length, the last pixel of each is the next row's first and is not reached.
  // A row below, the image has one row less, so all phases have the height of the lower ones.
  class InParts : public Shifts {
   public:
    InParts(const SharedShifts& stream, int width, int height)
        : before_(stream.footprint_.before),
          width_(width + stream.footprint_.size - 1),
          height_(height + stream.footprint_.size - 1),
          whole_(stream.whole_.Prepare(width_, height_)),
          half_(stream.halves_.Prepare(whole_->output_width(), whole_->output_height() - 1)),
          quarter_(stream.quarters_.Prepare(half_->output_width(), half_->output_height() - 1)) {}

    void SetImage(ConstView image) override {
      CopyWithZeros(image, -before_, -before_, width_, height_, whole_->input());
      whole_->Run();
      half_x_ = -1;
    }
    const float* Heads(int x, int y) override {
      if (x % 2 != half_x_ || y % 2 != half_y_) {
        half_x_ = x % 2;
        half_y_ = y % 2;
        half_->Run(whole_->OutputAt(half_x_, half_y_));
      }
      quarter_->Run(half_->OutputAt(x / 2, y / 2));
      return quarter_->output();
    }

   private:
    const int before_;
    const int width_;  // of what all shifts see
    const int height_;
    const std::unique_ptr<ConvolutionNetwork::Session> whole_;
    const std::unique_ptr<ConvolutionNetwork::Session> half_;
    const std::unique_ptr<ConvolutionNetwork::Session> quarter_;
    int half_x_ = -1;  // the phase that half_ holds
    int half_y_ = -1;
  };

  const ConvolutionNetwork whole_;
  const ConvolutionNetwork halves_;
  const ConvolutionNetwork quarters_;
  const Footprint footprint_;
};

}  // namespace

std::unique_ptr<ShiftedStream> MakeWholePasses(std::vector<Convolution> chain,
                                               const Footprint& footprint, Precision precision) {
  return std::make_unique<WholePasses>(std::move(chain), footprint, precision);
}

std::unique_ptr<ShiftedStream> MakeSharedShifts(std::vector<Convolution> chain,
                                                const Footprint& footprint, Precision precision) {
  return std::make_unique<SharedShifts>(DownConvParts(chain), footprint, precision);
}

}  // namespace dkn
