#include "web/wasm/exported_network.h"

#include <emscripten.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/stream_input.h"
#include "src/dkn/tiling.h"

// Module.runExported(number, inputs, width, height) is the page's: inputs by the graph's names, of
// which it takes those that the graph has; a promise of the output. 0, or -1 where
// Module.networkError tells why not. The formatter takes JavaScript for C++.
// clang-format off
EM_ASYNC_JS(int, dkn_page_run_exported,
            (int network, const void* guide, const void* target, const void* measured,
             float log_ratio, float noise, float correlated_noise, int width, int height,
             void* output),
            {
              try {
                const plane = width * height;
                const at = (address, planes) =>
                    HEAPF32.subarray(address >>> 2, (address >>> 2) + planes * plane);
                const values = await Module.runExported(network, {
                  "guide": at(guide, 3),
                  "target": at(target, 1),
                  "measured": at(measured, 1),
                  "log_ratio": Float32Array.of(log_ratio),
                  "noise": Float32Array.of(noise),
                  "correlated_noise": Float32Array.of(correlated_noise),
                }, width, height);
                if (values.length != plane) {
                  throw new Error(values.length + " values of a network, expected " + plane);
                }
                HEAPF32.set(values, output >>> 2);  // of now: memory may have grown
                return 0;
              } catch (error) {
                Module.networkError = String(error && error.message || error);
                return -1;
              }
            });
EM_JS(void, dkn_page_exported_error, (char* text, int size),
      { stringToUTF8(Module.networkError, text, size); });
// clang-format on

namespace dkn {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;
constexpr int kLeastInner = 64;  // smaller tiles would consist of their margins

struct Rectangle {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// A rectangle that is filtered, and the part of it that counts.
struct Part {
  Rectangle seen;
  Rectangle inner;
};

// Along one side of an image.
struct Cut {
  int inner = 0;  // pixels that count
  int seen = 0;   // the most that a tile has
};

// Tiles begin where pixels of the coarsest level do: the graph averages the tile alone.
int CoarsestPixel(const Architecture& architecture) {
  return std::max(kResampling, 1 << (architecture.levels - 1));
}

int RoundUp(int value, int unit) {
  return (value + unit - 1) / unit * unit;
}

// What a pixel's result depends on, beyond TileMargin: the coarser levels, of the tile.
int MarginOf(const Architecture& architecture) {
  const SamplingGrid<float> grid(architecture);
  int margin = TileMargin(architecture);
  if (architecture.levels > 1) {
    const float reach = grid.max_coarse_offset + 0.5f * static_cast<float>(grid.coarse_size) + 1.0f;
    margin = std::max(margin, static_cast<int>(std::ceil(reach)) << (architecture.levels - 1));
  }
  return RoundUp(margin, CoarsestPixel(architecture));
}

Cut CutInto(int parts, int length, const Architecture& architecture) {
  const int inner = RoundUp((length + parts - 1) / parts, CoarsestPixel(architecture));
  return {inner, std::min(length, inner + (parts == 1 ? 0 : 2 * MarginOf(architecture)))};
}

// Of the work on one tile: its inputs and output here, and what the runtime holds at once. The
// latter, the taps' weights and offsets of both streams, their products, places and samples, is an
// estimate.
std::size_t TileBytes(const Architecture& architecture, std::int64_t pixels) {
  constexpr std::size_t kImages = 6;
  constexpr std::size_t kPerTap = 14;
  constexpr std::size_t kFeatures = 48;
  const auto taps = static_cast<std::size_t>(TapCount(architecture));
  return static_cast<std::size_t>(pixels) * sizeof(float) * (kImages + kFeatures + kPerTap * taps);
}

// Of guide, target and result.
std::size_t ImageBytes(const FrameSize& size) {
  return sizeof(float) * static_cast<std::size_t>(size.width) *
         static_cast<std::size_t>(size.height) *
         static_cast<std::size_t>(size.guide_channels + 2 * size.target_channels);
}

// Tiles along both sides: the fewest whose work takes no more bytes, or the smallest there are.
struct Cuts {
  Cut columns;
  Cut rows;
};
Cuts ChooseCuts(int width, int height, std::size_t max_bytes, const Architecture& architecture) {
  int columns = 1;
  int rows = 1;
  for (;;) {
    const Cuts cuts = {CutInto(columns, width, architecture), CutInto(rows, height, architecture)};
    const std::int64_t pixels = std::int64_t{cuts.columns.seen} * cuts.rows.seen;
    const bool wide = width / (columns + 1) >= kLeastInner;
    const bool high = height / (rows + 1) >= kLeastInner;
    if (TileBytes(architecture, pixels) <= max_bytes || (!wide && !high)) {
      return cuts;
    }
    const bool cut_width = wide && (!high || cuts.columns.seen >= cuts.rows.seen);
    ++(cut_width ? columns : rows);
  }
}

Rectangle Around(const Rectangle& inner, int margin, int width, int height) {
  const int x = std::max(inner.x - margin, 0);
  const int y = std::max(inner.y - margin, 0);
  return {x, y, std::min(inner.x + inner.width + margin, width) - x,
          std::min(inner.y + inner.height + margin, height) - y};
}

std::vector<Part> PartsOf(int width, int height, const Cuts& cuts,
                          const Architecture& architecture) {
  const int margin = MarginOf(architecture);
  std::vector<Part> parts;
  for (int y = 0; y < height; y += cuts.rows.inner) {
    for (int x = 0; x < width; x += cuts.columns.inner) {
      const Rectangle inner = {x, y, std::min(cuts.columns.inner, width - x),
                               std::min(cuts.rows.inner, height - y)};
      parts.push_back({Around(inner, margin, width, height), inner});
    }
  }
  return parts;
}

// Beyond the image its last column and row again, as ReplicatePad.
void CopyPart(ConstView image, int channel, const Rectangle& part, float* to) {
  for (int y = 0; y < part.height; ++y) {
    const float* row = image.Row(std::min(part.y + y, image.height - 1), channel);
    for (int x = 0; x < part.width; ++x) {
      *to++ = row[std::min(part.x + x, image.width - 1)];
    }
  }
}

}  // namespace

class ExportedNetwork::Session : public FilterSession {
 public:
  Session(const ExportedNetwork& network, const FrameSize& size) : network_(network), size_(size) {
    CheckFrameSize(size);
    const int width = PaddedSize(size.width);
    const int height = PaddedSize(size.height);
    const Architecture& architecture = network.architecture_;
    std::size_t most = TileBytes(architecture, std::int64_t{width} * height);
    if (network.width_ != 0 || network.height_ != 0) {
      CheckFixedSize(width, height);
    } else if (network.max_memory_mb_ != 0) {
      const std::size_t bound = static_cast<std::size_t>(network.max_memory_mb_) * kMegabyte;
      const std::size_t least = network.LeastBytes(size);
      if (bound < least) {
        throw MemoryError("a bound of memory of " + std::to_string(network.max_memory_mb_) +
                          " MB does not suffice for " + SizeText(size.width, size.height) +
                          ", which takes at least " + std::to_string(least / kMegabyte + 1) +
                          " MB");
      }
      most = bound - ImageBytes(size) - size.beside;
    }
    parts_ = PartsOf(width, height, ChooseCuts(width, height, most, architecture), architecture);
  }

  void SetGuide(ConstView guide) override {
    CheckSessionGuide(guide, size_);
    guide_ = guide;
  }

  void Apply(const FilterInput& input, FilterOutput& output) override {
    const ConstView& target = input.target;
    output.image.Reset(target.width, target.height, target.channels);
    output.support.Reset(0, 0, 0);
    output.confidence.Reset(0, 0, 0);
    for (int c = 0; c < target.channels; ++c) {
      const SampleFacts facts = FactsOf(input, c, network_.architecture_);
      for (const Part& part : parts_) {
        Filter(input, c, facts, part, output.image.view().Channel(c));
      }
    }
  }

  bool SeesHoles() const override { return network_.architecture_.target != TargetInput::kValues; }

 private:
  void CheckFixedSize(int width, int height) const {
    if (width != network_.width_ || height != network_.height_) {
      throw Error("this network was exported for pictures of " +
                  SizeText(network_.width_, network_.height_) + " alone, and the picture is " +
                  SizeText(size_.width, size_.height) +
                  "; `dkn export` without --width and --height makes one for any size");
    }
  }

  void Filter(const FilterInput& input, int channel, const SampleFacts& facts, const Part& part,
              View out) {
    const Rectangle& seen = part.seen;
    const std::size_t pixels =
        static_cast<std::size_t>(seen.width) * static_cast<std::size_t>(seen.height);
    inputs_.resize(5 * pixels);
    output_.resize(pixels);
    float* const target = inputs_.data() + 3 * pixels;
    float* const measured = target + pixels;
    for (std::size_t c = 0; c < 3; ++c) {
      CopyPart(guide_, guide_.channels == 1 ? 0 : static_cast<int>(c), seen,
               inputs_.data() + c * pixels);
    }
    CopyPart(input.target, channel, seen, target);
    if (input.mask.empty()) {
      std::fill_n(measured, pixels, 1.0f);
    } else {
      CopyPart(input.mask, 0, seen, measured);
    }
    if (dkn_page_run_exported(network_.number_, inputs_.data(), target, measured, facts.log_ratio,
                              facts.noise, facts.correlated_noise, seen.width, seen.height,
                              output_.data()) != 0) {
      char text[512] = {};
      dkn_page_exported_error(text, sizeof(text));
      throw Error(std::string("ONNX Runtime: ") + text);
    }
    const Rectangle& inner = part.inner;
    const int width = std::min(inner.width, out.width - inner.x);
    for (int y = inner.y; y < std::min(inner.y + inner.height, out.height); ++y) {
      std::copy_n(output_.data() +
                      static_cast<std::size_t>(y - seen.y) * static_cast<std::size_t>(seen.width) +
                      (inner.x - seen.x),
                  width, out.Row(y) + inner.x);
    }
  }

  const ExportedNetwork& network_;
  const FrameSize size_;
  std::vector<Part> parts_;
  ConstView guide_;
  std::vector<float> inputs_;  // of a tile: guide, target and what is measured, plane by plane
  std::vector<float> output_;
};

ExportedNetwork::ExportedNetwork(int number, const Architecture& architecture, int width,
                                 int height, int max_memory_mb)
    : number_(number),
      architecture_(architecture),
      width_(width),
      height_(height),
      max_memory_mb_(max_memory_mb) {}

void ExportedNetwork::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  const ConstView& target = input.target;
  Session session(*this, {target.width, target.height, input.guide.channels, target.channels});
  session.SetGuide(input.guide);
  session.Apply(input, output);
}

std::unique_ptr<FilterSession> ExportedNetwork::StartSession(const FrameSize& size) const {
  return std::make_unique<Session>(*this, size);
}

std::size_t ExportedNetwork::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  return ImageBytes(size) +
         TileBytes(architecture_, std::int64_t{PaddedSize(size.width)} * PaddedSize(size.height));
}

std::size_t ExportedNetwork::LeastBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  const int width = PaddedSize(size.width);
  const int height = PaddedSize(size.height);
  const Cuts cuts = ChooseCuts(width, height, 0, architecture_);
  const bool whole = width_ != 0 || height_ != 0;
  return ImageBytes(size) + size.beside +
         TileBytes(architecture_, whole ? std::int64_t{width} * height
                                        : std::int64_t{cuts.columns.seen} * cuts.rows.seen);
}

}  // namespace dkn
