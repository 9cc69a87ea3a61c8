// The learned rivals by the weights that their authors released, against outputs of those networks
// made by others (../shared/reference/rivals, whose README says how; not part of the repository).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

#include "dkn/io.h"
#include "dkn/registry.h"
#include "dkn/resample.h"
#include "src/io/npy_array.h"
#include "src/net/graph_network.h"
#include "src/rivals/rival_filter.h"

namespace dkn {
namespace {

const std::string kRivals = DKN_SOURCE_DIR "/../shared/reference/rivals/";
constexpr float kFull = 255.0f;

class LearnedRivalsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kRivals)) {
      GTEST_SKIP() << kRivals << " is not there";
    }
  }

  // An array [C, H, W] or [H, W], divided.
  static Image Array(const std::string& name, float divisor = 1.0f) {
    const NpyArray array(kRivals + name);
    const std::vector<std::size_t> shape(array.shape().begin(), array.shape().end());
    const std::size_t axes = shape.size();
    Image image(static_cast<int>(shape[axes - 1]), static_cast<int>(shape[axes - 2]),
                axes == 3 ? static_cast<int>(shape[0]) : 1);
    const std::vector<double> values = array.Read(0, image.size());
    std::transform(values.begin(), values.end(), image.data(),
                   [=](double value) { return static_cast<float>(value) / divisor; });
    return image;
  }

  // No difference larger than 1e-4.
  static void ExpectClose(ConstView result, ConstView expected) {
    ASSERT_EQ(result.width, expected.width);
    ASSERT_EQ(result.height, expected.height);
    ASSERT_EQ(result.channels, expected.channels);
    float largest = 0.0f;
    for (int c = 0; c < result.channels; ++c) {
      for (int y = 0; y < result.height; ++y) {
        for (int x = 0; x < result.width; ++x) {
          largest = std::max(largest, std::abs(result(x, y, c) - expected(x, y, c)));
        }
      }
    }
    RecordProperty("largest_difference", std::to_string(largest));
    EXPECT_LE(largest, 1e-4f);
  }

  static Image Apply(const std::string& file, const FilterSettings& settings,
                     const FilterInput& input) {
    FilterOutput output;
    CreateFilter(kRivals + file, {}, settings)->Apply(input, output);
    return std::move(output.image);
  }

  // What the network alone gives, without anything around it.
  static Image RunGraph(const std::string& file, const std::string& rival,
                        const FilterSettings& settings, const std::vector<Image>& inputs) {
    return GraphNetwork(FindRival(rival).graph(settings), ReadSafetensors(kRivals + file))
        .Run(inputs);
  }

  static ConstView Inside(const Image& image, int border) {
    return image.view().Crop(border, border, image.width() - 2 * border,
                             image.height() - 2 * border);
  }
};

const FilterSettings kDjf = {{"stream_width", 96.0}, {"joint_width", 64.0}};
const FilterSettings kDjfOfNoise = {{"stream_width", 128.0}, {"joint_width", 128.0}};

TEST_F(LearnedRivalsTest, Djf) {
  const Image input = Array("djf/case_input.npy");
  const ConstView target = input.view().Channel(0);
  Image guide(input.width(), input.height(), 3);
  for (int c = 0; c < 3; ++c) {
    Copy(input.view().Channel(1 + c), guide.view().Channel(c));
  }
  std::vector<Image> inputs;
  inputs.push_back(Image::Clone(guide));
  inputs.push_back(Image::Clone(target));
  for (const std::string part : {"plain", "res"}) {
    const bool residual = part == "res";
    const std::string file =
        residual ? "djf/djf_upsampling_res_x8.safetensors" : "djf/djf_upsampling_x8.safetensors";
    const Image given = RunGraph(file, "djf", kDjf, inputs);
    ExpectClose(given, Array(residual ? "djf/case_res_residual.npy" : "djf/case_plain_output.npy"));

    // The filter continues the images, where the authors' program leaves 6 pixels out: beyond 12 of
    // the border that makes no difference.
    const Image result = Apply(file, {{"residual", residual ? 1.0 : 0.0}}, {guide, target});
    const Image expected = Array("djf/case_" + part + "_output.npy");
    ExpectClose(Inside(result, 12), Inside(expected, 6));
  }
}

// Each channel of the picture in turn, as the authors restore halftones.
TEST_F(LearnedRivalsTest, DjfOfNoise) {
  const Image picture = ReadGuide(kRivals + "djf/nyu0001_color_crop.png");
  FilterSettings settings = kDjfOfNoise;
  settings["residual"] = 1.0;
  const Image result =
      Apply("djf/djf_noise_reduction_res.safetensors", settings, {picture, picture});
  ExpectClose(Inside(result, 12), Inside(Array("djf/case_noise_reduction_res_output.npy"), 6));
}

TEST_F(LearnedRivalsTest, Dmsg) {
  const std::string file = "dmsg/msgnet_x8.safetensors";
  const Image guide = ReadGuide(kRivals + "dmsg/mb27_color_crop.png");
  const Image low = Array("dmsg/case_lowres.npy", kFull);
  const Image target = Resize(low, guide.width(), guide.height(), Resampler::kBicubic);
  const FilterInput input{guide, target, {}, {low, {}, 3.5f, 3.5f, 8.0f, 8.0f}};
  const NetworkFrame frame = FindRival("dmsg").prepare({{"levels", 3.0}}, input);
  ExpectClose(frame.inputs[0], Array("dmsg/case_input_y.npy"));
  ExpectClose(frame.inputs[1], Array("dmsg/case_input_d.npy"));
  ExpectClose(RunGraph(file, "dmsg", {{"levels", 3.0}}, frame.inputs),
              Array("dmsg/case_net_output.npy"));

  const Image result = Apply(file, {}, input);
  const Image expected = Array("dmsg/case_output.npy", kFull);
  ExpectClose(result.view().Crop(0, 0, expected.width(), expected.height()), expected);
}

// The layer by itself, against the formula as its authors' code has it.
TEST_F(LearnedRivalsTest, PixelAdaptiveConvolution) {
  const Image input = Array("pac/transposed_input.npy");
  const Image features = Array("pac/transposed_feature.npy");
  Graph graph;
  const int image = graph.Input("image", input.channels());
  graph.PixelAdaptive("layer", image, graph.Input("features", features.channels()), 3, 5);
  TensorFile file;
  for (const std::string part : {"weight", "bias"}) {
    const NpyArray array(kRivals + "pac/transposed_" + part + ".npy");
    std::size_t count = 1;
    for (const auto size : array.shape()) {
      count *= static_cast<std::size_t>(size);
    }
    const std::vector<double> values = array.Read(0, count);
    file.tensors["layer." + part] = {{array.shape().begin(), array.shape().end()},
                                     {values.begin(), values.end()}};
  }
  std::vector<Image> inputs;
  inputs.push_back(Image::Clone(input));
  inputs.push_back(Image::Clone(features));
  ExpectClose(GraphNetwork(graph, file).Run(inputs), Array("pac/transposed_output.npy"));
}

}  // namespace
}  // namespace dkn
