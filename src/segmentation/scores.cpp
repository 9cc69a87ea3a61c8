#include "src/segmentation/scores.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dkn/error.h"
#include "dkn/segmenter.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"

namespace dkn {

Image NetworkPicture(ConstView picture, const DeepLab::PictureScale& scale) {
  Image input(picture.width, picture.height, 3);
  ParallelFor(0, picture.height, [&](int y) {
    for (int c = 0; c < 3; ++c) {
      const float* from = picture.Row(y, picture.channels == 1 ? 0 : scale.bgr ? 2 - c : c);
      const float mean = scale.mean[static_cast<std::size_t>(c)];
      std::transform(from, from + picture.width, input.Row(y, c),
                     [&](float value) { return scale.factor * (255.0f * value - mean); });
    }
  });
  return input;
}

void ScoresToProbabilities(View scores) {
  ParallelFor(0, scores.height, [&](int y) {
    for (int x = 0; x < scores.width; ++x) {
      float largest = scores(x, y, 0);
      for (int c = 1; c < scores.channels; ++c) {
        largest = std::max(largest, scores(x, y, c));
      }
      float sum = 0.0f;
      for (int c = 0; c < scores.channels; ++c) {
        scores(x, y, c) = std::exp(scores(x, y, c) - largest);
        sum += scores(x, y, c);
      }
      for (int c = 0; c < scores.channels; ++c) {
        scores(x, y, c) /= sum;
      }
    }
  });
}

Image EnlargeScores(ConstView scores, int width, int height) {
  if (scores.empty() || width < 1 || height < 1) {
    throw Error("there are no scores to enlarge, or no pixel to enlarge them to");
  }
  Image large(width, height, scores.channels);
  ParallelFor(0, height, [&](int y) {
    const float v =
        std::min(static_cast<float>(y) / kScoreStep, static_cast<float>(scores.height - 1));
    const int top = static_cast<int>(v);
    const int bottom = std::min(top + 1, scores.height - 1);
    const float fy = v - static_cast<float>(top);
    std::vector<float> row(static_cast<std::size_t>(scores.width));
    for (int c = 0; c < scores.channels; ++c) {
      const float* upper = scores.Row(top, c);
      const float* lower = scores.Row(bottom, c);
      for (int x = 0; x < scores.width; ++x) {
        row[static_cast<std::size_t>(x)] = upper[x] + fy * (lower[x] - upper[x]);
      }
      float* to = large.Row(y, c);
      for (int x = 0; x < width; ++x) {
        const float u =
            std::min(static_cast<float>(x) / kScoreStep, static_cast<float>(scores.width - 1));
        const auto left = static_cast<std::size_t>(u);
        const std::size_t right = std::min(left + 1, row.size() - 1);
        to[x] = row[left] + (u - static_cast<float>(left)) * (row[right] - row[left]);
      }
    }
  });
  return large;
}

Image LabelsOf(ConstView scores) {
  Image labels(scores.width, scores.height);
  ParallelFor(0, scores.height, [&](int y) {
    for (int x = 0; x < scores.width; ++x) {
      int best = 0;
      for (int c = 1; c < scores.channels; ++c) {
        best = scores(x, y, c) > scores(x, y, best) ? c : best;
      }
      labels(x, y) = static_cast<float>(best);
    }
  });
  return labels;
}

Image OverlayLabels(ConstView picture, ConstView labels,
                    const std::vector<std::array<std::uint8_t, 3>>& colours, float share) {
  if (picture.width != labels.width || picture.height != labels.height) {
    throw Error("the picture is " + SizeText(picture.width, picture.height) + ", its labels are " +
                SizeText(labels.width, labels.height));
  }
  Image overlay(picture.width, picture.height, 3);
  ParallelFor(0, picture.height, [&](int y) {
    for (int x = 0; x < picture.width; ++x) {
      const float label = labels(x, y);
      const bool known = std::isfinite(label);
      if (known && !(label >= 0.0f && label < static_cast<float>(colours.size()))) {
        throw Error("a label has no colour");
      }
      for (int c = 0; c < 3; ++c) {
        const float own = picture(x, y, picture.channels == 1 ? 0 : c);
        const float colour =
            known ? static_cast<float>(
                        colours[static_cast<std::size_t>(label)][static_cast<std::size_t>(c)]) /
                        255.0f
                  : own;
        overlay(x, y, c) = own + share * (colour - own);
      }
    }
  });
  return overlay;
}

}  // namespace dkn
