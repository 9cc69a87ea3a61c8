#ifndef DKN_SEGMENTER_H_
#define DKN_SEGMENTER_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dkn/export.h"
#include "dkn/filter_parameter.h"
#include "dkn/image.h"
#include "dkn/model.h"
#include "dkn/registry.h"

namespace dkn {

struct SegmenterOptions {
  // The joint filter that gives the scores the picture's structure, as CreateFilter takes it; a
  // model file's name also where it lies beside the network's. "none": scores stay as bilinear
  // interpolation leaves them. Empty: the one that the network was trained with. densecrf gets
  // probabilities, the scores' softmax, and gives such; all others the scores themselves.
  std::string filter = {};
  NetworkOptions network = {};   // of a filter that is a network
  FilterSettings settings = {};  // of the filter's parameters
  // A network knows things at the size at which it has seen them. A picture of more pixels than
  // this is made smaller first, and its scores brought back by bilinear interpolation. 0: what the
  // network's file says, where it says something; kAllPixels: no bound.
  std::int64_t max_pixels = 0;
  static constexpr std::int64_t kAllPixels = -1;
};

// What a picture's pixels show: a segmentation network (DeepLab v2: Chen et al., TPAMI 2018) whose
// scores, one for eight pixels along a side, a joint filter brings to the picture's size (paper:
// Section 4.3). Several threads may use one at once.
class DKN_EXPORT Segmenter {
 public:
  // A network by the name of a shipped one ("camvid"; ListSegmenters), or from a model file
  // (anything with a '/' or ending in ".safetensors"). Throws MethodError naming the file and what
  // is wrong with it, and as CreateFilter does.
  static std::unique_ptr<Segmenter> Load(const std::string& name_or_file,
                                         const SegmenterOptions& options = {});
  ~Segmenter();

  // For each class a channel of scores (before a softmax, unbounded) at the picture's size; the
  // largest wins. The picture has 1 or 3 channels (R,G,B), values in [0, 1], and any size. Throws
  // Error where it has not.
  Image Scores(ConstView picture) const;
  // The network's own scores, of all pixels: (i, j) is about the picture's pixel (8 i, 8 j).
  Image NetworkScores(ConstView picture) const;

  const std::vector<std::string>& classes() const;
  // R,G,B of 255 for each class: the file's, or those of Pascal VOC.
  const std::vector<std::array<std::uint8_t, 3>>& colours() const;
  // The name of the filter in use; "none".
  const std::string& filter() const;
  struct Size {
    int width = 0;
    int height = 0;
    bool operator==(const Size&) const = default;
  };
  // The size at which a picture of this size is worked on.
  Size WorkingSize(int width, int height) const;
  // What the network takes for a picture of this working size, its filter left out.
  NetworkCost Cost(int width, int height) const;
  // Everything that the network's file says of itself.
  const std::map<std::string, std::string>& metadata() const;

 private:
  struct DKN_HIDDEN Impl;
  DKN_HIDDEN Image ScoresOfAll(ConstView picture) const;
  explicit Segmenter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The path that Segmenter::Load would load. Throws MethodError where a name is none.
DKN_EXPORT std::string FindSegmenter(const std::string& name_or_file);

// Whether a model file holds a segmentation network. Throws MethodError where it is no model file.
DKN_EXPORT bool HoldsSegmenter(const std::string& path);

// Names of the segmentation networks in the folder "segmentation" of each of ModelFolders, sorted.
DKN_EXPORT std::vector<std::string> ListSegmenters();

// NetworkScores at width x height pixels: bilinear, beyond the last ones these.
DKN_EXPORT Image EnlargeScores(ConstView scores, int width, int height);

// Scores that a joint filter gives the picture's structure: FilterImage, which brings them to
// [0, 1] by the least and the largest of all and back.
//   picture  1 or 3 channels, values in [0, 1]
//   scores   a channel for each class, at the picture's size, values finite
DKN_EXPORT Image FilterScores(ConstView picture, ConstView scores, const JointFilter& filter);

// The class with the largest score, of equal ones the first: 1 channel of integers.
DKN_EXPORT Image LabelsOf(ConstView scores);

// The picture mixed with its labels' colours by `share` of [0, 1]: R,G,B, values in [0, 1].
// Where a label is not finite the picture remains. Throws Error where a label has no colour or
// sizes differ.
DKN_EXPORT Image OverlayLabels(ConstView picture, ConstView labels,
                               const std::vector<std::array<std::uint8_t, 3>>& colours,
                               float share = 0.6f);

}  // namespace dkn

#endif  // DKN_SEGMENTER_H_
