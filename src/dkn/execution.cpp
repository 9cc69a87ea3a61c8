#include "src/dkn/execution.h"

#include <omp.h>

#include <algorithm>
#include <future>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/dkn/fast_kernel.h"
#include "src/dkn/head_strips.h"
#include "src/dkn/heads.h"
#include "src/dkn/layers.h"
#include "src/dkn/model_tensors.h"
#include "src/dkn/network_parts.h"
#include "src/dkn/phases.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/shifted_stream.h"
#include "src/dkn/stage_clock.h"
#include "src/dkn/stream_input.h"
#include "src/net/convolution_network.h"

namespace dkn {
namespace {

// What Concatenate stores, for a network of one stream; other networks have none.
std::size_t BothBytes(const Architecture& architecture, int width, int height) {
  if (Streams(architecture).front() != Stream::kJoint) {
    return 0;
  }
  const std::size_t channels = (architecture.guide == GuideInput::kRgb ? 3 : 1) +
                               static_cast<std::size_t>(TargetChannels(architecture));
  return sizeof(float) * channels * static_cast<std::size_t>(width) *
         static_cast<std::size_t>(height);
}

// Paper: Fig. 4. The features of both images are stored; what follows them goes strip by strip.
class FdknExecution : public Execution {
 public:
  FdknExecution(const TensorFile& file, const Architecture& architecture, Precision precision)
      : architecture_(architecture), streams_(Streams(architecture)) {
    for (const Stream stream : streams_) {
      FdknParts parts(StreamConvolutions(file, architecture, stream));
      const float largest_feature = parts.features.back().largest_output;
      features_.push_back(std::make_unique<ConvolutionNetwork>(std::move(parts.features),
                                                               FdknParts::FeatureTypes(precision)));
      heads_.push_back(
          std::make_unique<HeadStrips>(std::move(parts.head), precision, largest_feature));
    }
  }

  std::unique_ptr<TileFilter> Prepare(int width, int height) const override {
    return std::make_unique<FdknFilter>(*this, width / kResampling, height / kResampling);
  }
  std::size_t FilterBytes(int width, int height) const override {
    const int columns = width / kResampling;
    std::size_t bytes =
        BothBytes(architecture_, width, height) + FastKernel::MemoryBytes(architecture_);
    for (std::size_t i = 0; i < features_.size(); ++i) {
      const auto size = features_[i]->SizeOf(columns, height / kResampling);
      bytes += size.bytes + size.input_bytes;
      bytes += static_cast<std::size_t>(omp_get_max_threads()) *
               heads_[i]->StripBytes(std::min(columns, HeadStrips::kMaxBlocks));
    }
    return bytes;
  }

 private:
  class FdknFilter : public TileFilter {
   public:
    FdknFilter(const FdknExecution& execution, int columns, int rows)
        : execution_(execution), columns_(columns), rows_(rows), kernel_(execution.architecture_) {
      const std::future<void> compiling = CompileLast();
      const ConvolutionNetwork::Session* lender = nullptr;
      for (std::size_t i = 0; i < execution.streams_.size(); ++i) {
        sessions_.push_back(execution.features_[i]->Prepare(columns, rows, lender));
        lender = sessions_.front().get();
      }
      for (int thread = 0; thread < omp_get_max_threads(); ++thread) {
        for (const auto& heads : execution.heads_) {
          strips_.push_back(heads->Prepare(StripBlocks()));
        }
      }
    }

    void SetGuide(ConstView guide) override {
      const StageScope scope(Stage::kGuide);
      guide_ = guide;
      Run(Stream::kGuide, guide);
    }
    void Filter(ConstView seen, const SampledTarget& target, View out,
                const KernelReport& report) override {
      RunTarget(seen);
      ParallelFor(0, rows_ * StripsPerRow(), [&](int i) {
        const BlockStrip strip = Strip(i / StripsPerRow(), i % StripsPerRow());
        const Heads heads = HeadsOfStrip(strip);
        const StageScope scope(Stage::kKernels, omp_get_num_threads());
        kernel_.FilterBlocks(heads, target, strip, out, report);
      });
    }
    // A strip that reaches back gives some of its kernels again, so one thread does a whole row.
    void ComputeKernels(ConstView seen, const TakeKernels& take) override {
      RunTarget(seen);
      ParallelFor(0, rows_, [&](int row) {
        for (int i = 0; i < StripsPerRow(); ++i) {
          const BlockStrip strip = Strip(row, i);
          take(CombineHeads(HeadsOfStrip(strip), HeadLayout::kBlocks, StripBlocks() * kResampling,
                            kResampling, execution_.architecture_),
               {strip.first * kResampling, row * kResampling, 1});
        }
      });
    }

   private:
    int StripBlocks() const { return std::min(columns_, HeadStrips::kMaxBlocks); }

    // On a thread of its own, while the first stream is prepared, which takes as long. What it
    // cannot do the last one's Prepare will tell.
    std::future<void> CompileLast() const {
      const int threads = omp_get_max_threads();
      if (execution_.streams_.size() == 1 || threads == 1) {
        return {};
      }
      return std::async([this, threads] {
        const ThreadCount same(threads);
        execution_.features_.back()->Compile(columns_, rows_);
      });
    }

    // Does nothing where the network has no such stream.
    void Run(Stream stream, ConstView image) {
      for (std::size_t i = 0; i < sessions_.size(); ++i) {
        if (execution_.streams_[i] == stream) {
          SplitPhases(image, sessions_[i]->input_layout(), sessions_[i]->input());
          sessions_[i]->Run();
        }
      }
    }

    // Filter and ComputeKernels both begin with this.
    void RunTarget(ConstView target) {
      const StageScope scope(Stage::kTarget);
      Run(Stream::kTarget, target);
      if (execution_.streams_.front() == Stream::kJoint) {
        Run(Stream::kJoint, Concatenate(guide_, target, both_));
      }
    }

    int StripsPerRow() const { return (columns_ + StripBlocks() - 1) / StripBlocks(); }

    // All strips are as wide: the last one of a row reaches back, and leaves those blocks to the
    // one before it.
    BlockStrip Strip(int row, int index) const {
      const int begin = index * StripBlocks();
      const int first = std::min(begin, columns_ - StripBlocks());
      return {row, first, begin - first, StripBlocks()};
    }

    // What it returns is valid until this thread's next call.
    Heads HeadsOfStrip(const BlockStrip& strip) {
      const StageScope scope(Stage::kHeads, omp_get_num_threads());
      Heads heads;
      for (std::size_t i = 0; i < sessions_.size(); ++i) {
        const std::size_t own =
            static_cast<std::size_t>(omp_get_thread_num()) * sessions_.size() + i;
        const float* values = strips_[own]->Run(*sessions_[i], strip.row, strip.first);
        heads.push_back(HeadsOf(execution_.architecture_, execution_.streams_[i], values));
      }
      return heads;
    }

    const FdknExecution& execution_;
    const int columns_;  // of blocks
    const int rows_;
    FastKernel kernel_;
    std::vector<std::unique_ptr<ConvolutionNetwork::Session>> sessions_;
    std::vector<std::unique_ptr<HeadStrips::Strip>> strips_;  // of each thread, each stream
    ConstView guide_;
    Image both_;
  };

  const Architecture architecture_;
  const std::vector<Stream> streams_;
  std::vector<std::unique_ptr<ConvolutionNetwork>> features_;
  std::vector<std::unique_ptr<HeadStrips>> heads_;
};

using MakeStream = std::unique_ptr<ShiftedStream>(std::vector<Convolution>, const Footprint&,
                                                  Precision);

// Paper: Appendix A. For each shift the streams give the kernels of one pixel in stride x stride,
// whose results are stitched together.
class DknExecution : public Execution {
 public:
  DknExecution(const TensorFile& file, const Architecture& architecture, Precision precision,
               MakeStream* make)
      : architecture_(architecture),
        streams_(Streams(architecture)),
        stride_(FootprintOf(architecture).stride) {
    for (const Stream stream : streams_) {
      networks_.push_back(make(StreamConvolutions(file, architecture, stream),
                               FootprintOf(architecture), precision));
    }
  }

  std::unique_ptr<TileFilter> Prepare(int width, int height) const override {
    return std::make_unique<DknFilter>(*this, width, height);
  }
  std::size_t FilterBytes(int width, int height) const override {
    std::size_t bytes =
        BothBytes(architecture_, width, height) + FastKernel::MemoryBytes(architecture_);
    for (const auto& network : networks_) {
      bytes += network->ShiftsBytes(width, height);
    }
    if (streams_.front() == Stream::kGuide) {
      const auto heads = HeadsOf(architecture_, Stream::kGuide, nullptr).channels;
      bytes += sizeof(float) * static_cast<std::size_t>(heads) * static_cast<std::size_t>(width) *
               static_cast<std::size_t>(height);
    }
    return bytes;
  }

 private:
  class DknFilter : public TileFilter {
   public:
    DknFilter(const DknExecution& execution, int width, int height)
        : execution_(execution),
          results_(static_cast<std::size_t>(width / execution.stride_) *
                   static_cast<std::size_t>(height / execution.stride_)),
          kernel_(execution.architecture_) {
      for (std::size_t i = 0; i < execution.streams_.size(); ++i) {
        shifts_.push_back(execution.networks_[i]->Prepare(width, height));
        heads_.push_back(HeadsOf(execution.architecture_, execution.streams_[i], nullptr));
      }
    }

    // The guide's heads are kept for every channel of every target until the next guide.
    void SetGuide(ConstView guide) override {
      guide_ = guide;
      if (execution_.streams_.front() != Stream::kGuide) {
        return;
      }
      const StageScope scope(Stage::kGuide);
      shifts_.front()->SetImage(guide);
      const std::size_t count = results_ * heads_.front().channels;
      guide_heads_.resize(count * execution_.stride_ * execution_.stride_);
      ForEachShift([&](int x, int y) {
        std::copy_n(shifts_.front()->Heads(x, y), count, GuideHeads(x, y));
      });
    }
    void Filter(ConstView seen, const SampledTarget& target, View out,
                const KernelReport& report) override {
      RunTarget(seen);
      ForEachShift([&](int x, int y) {
        const Heads& heads = HeadsOfShift(x, y);
        const StageScope scope(Stage::kKernels);
        kernel_.FilterLattice(heads, target, {x, y, execution_.stride_}, out, report);
      });
    }
    void ComputeKernels(ConstView seen, const TakeKernels& take) override {
      RunTarget(seen);
      const int stride = execution_.stride_;
      ForEachShift([&](int x, int y) {
        take(CombineHeads(HeadsOfShift(x, y), HeadLayout::kPixels, seen.width / stride,
                          seen.height / stride, execution_.architecture_),
             {x, y, stride});
      });
    }

   private:
    // Filter and ComputeKernels both begin with this.
    void RunTarget(ConstView target) {
      const StageScope scope(Stage::kTarget);
      const Stream last = execution_.streams_.back();
      if (last != Stream::kGuide) {
        shifts_.back()->SetImage(last == Stream::kJoint ? Concatenate(guide_, target, both_)
                                                        : target);
      }
    }

    // What it returns is valid until the next call.
    const Heads& HeadsOfShift(int x, int y) {
      const StageScope scope(Stage::kTarget);
      for (std::size_t i = 0; i < shifts_.size(); ++i) {
        heads_[i].data =
            execution_.streams_[i] == Stream::kGuide ? GuideHeads(x, y) : shifts_[i]->Heads(x, y);
      }
      return heads_;
    }

    // Shifts come in the order in which MakeSharedShifts is faster.
    template <typename Body>
    void ForEachShift(const Body& body) const {
      const int stride = execution_.stride_;
      for (int phase = 0; phase < std::min(stride * stride, 4); ++phase) {
        for (int y = phase / 2; y < stride; y += 2) {
          for (int x = phase % 2; x < stride; x += 2) {
            body(x, y);
          }
        }
      }
    }
    float* GuideHeads(int x, int y) {
      return guide_heads_.data() +
             (y * execution_.stride_ + x) * results_ * heads_.front().channels;
    }

    const DknExecution& execution_;
    const std::size_t results_;  // of one shift
    FastKernel kernel_;
    std::vector<std::unique_ptr<ShiftedStream::Shifts>> shifts_;
    Heads heads_;
    std::vector<float> guide_heads_;
    ConstView guide_;
    Image both_;
  };

  const Architecture architecture_;
  const std::vector<Stream> streams_;
  const int stride_;
  std::vector<std::unique_ptr<ShiftedStream>> networks_;
};

}  // namespace

std::unique_ptr<Execution> MakeShiftAndStitch(const TensorFile& file, const Architecture& a,
                                              Precision precision) {
  return std::make_unique<DknExecution>(file, a, precision, &MakeWholePasses);
}

std::unique_ptr<Execution> MakeExecution(const TensorFile& file, const Architecture& a,
                                         Precision precision) {
  if (a.kind == NetworkKind::kFdkn) {
    return std::make_unique<FdknExecution>(file, a, precision);
  }
  return a.dkn_features == DknFeatures::kDownConv
             ? std::make_unique<DknExecution>(file, a, precision, &MakeSharedShifts)
             : MakeShiftAndStitch(file, a, precision);
}

}  // namespace dkn
