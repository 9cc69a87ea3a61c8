#include "src/export/onnx_network.h"

#include <gtest/gtest.h>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/dkn/architecture.h"
#include "src/dkn/layers.h"
#include "src/dkn/model_tensors.h"
#include "src/dkn/random_weights.h"
#include "src/export/onnx_graph.h"

namespace dkn {
namespace {

onnx::ModelProto Parse(const std::vector<std::uint8_t>& bytes) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return model;
}

onnx::ModelProto Export(const Architecture& architecture, const OnnxImageSize& size = {}) {
  return Parse(OnnxNetwork(RandomWeights(architecture, 1), architecture, size));
}

int Count(const onnx::ModelProto& model, const std::string& operation) {
  const auto& nodes = model.graph().node();
  return static_cast<int>(std::count_if(
      nodes.begin(), nodes.end(), [&](const auto& node) { return node.op_type() == operation; }));
}

const onnx::NodeProto& Find(const onnx::ModelProto& model, const std::string& name) {
  for (const onnx::NodeProto& node : model.graph().node()) {
    if (node.name() == name) {
      return node;
    }
  }
  throw Error("no node is called '" + name + "'");
}

std::vector<float> Values(const onnx::ModelProto& model, const std::string& name) {
  for (const onnx::TensorProto& tensor : model.graph().initializer()) {
    if (tensor.name() == name) {
      std::vector<float> values(tensor.raw_data().size() / sizeof(float));
      std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
      return values;
    }
  }
  throw Error("no constant is called '" + name + "'");
}

std::vector<std::string> InputNames(const onnx::ModelProto& model) {
  std::vector<std::string> names;
  for (const onnx::ValueInfoProto& input : model.graph().input()) {
    names.push_back(input.name());
  }
  return names;
}

// Sizes of the graph's result as onnx works them out from node to node.
std::vector<std::int64_t> InferredOutput(onnx::ModelProto model) {
  model.mutable_graph()->mutable_output(0)->clear_type();
  onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                     onnx::ShapeInferenceOptions(true, 1, true));
  std::vector<std::int64_t> sizes;
  for (const auto& dimension : model.graph().output(0).type().tensor_type().shape().dim()) {
    sizes.push_back(dimension.dim_value());
  }
  return sizes;
}

Architecture& SampleLevels(Architecture& architecture) {
  architecture.levels = 3;
  architecture.coarse_kernel_size = 2;
  architecture.target = TargetInput::kMeasurement;
  return architecture;
}

// One of each kind of everything that changes the graph.
std::vector<Architecture> Variants() {
  Architecture plain;
  std::vector<Architecture> variants;
  const auto add = [&](const auto& change) {
    Architecture variant = plain;
    change(variant);
    variants.push_back(variant);
  };
  for (const NetworkKind kind : {NetworkKind::kFdkn, NetworkKind::kDkn}) {
    plain.kind = kind;
    add([](Architecture&) {});
    add([](Architecture& a) { a.kernel_size = 5; });
    add([](Architecture& a) { a.residual = false; });
    add([](Architecture& a) { a.guide = GuideInput::kNone; });
    add([](Architecture& a) { a.guide = GuideInput::kLuma; });
    add([](Architecture& a) { a.streams = StreamCount::kOne; });
    add([](Architecture& a) { a.weights_from = Source::kGuide; });
    add([](Architecture& a) { a.offsets_from = Source::kTarget; });
    add([](Architecture& a) {
      a.offsets_from = Source::kNone;
      a.window = 3;
    });
    add([](Architecture& a) { a.weight_activation = WeightActivation::kSoftmax; });
    add([](Architecture& a) { a.weight_activation = WeightActivation::kLinear; });
    add([](Architecture& a) { a.mean_subtraction = false; });
    add([](Architecture& a) { a.window_rule = WindowRule::kZero; });
    add([](Architecture& a) { a.border_rule = BorderRule::kZero; });
    add([](Architecture& a) { a.grid_scale = 2.0f; });
    add([](Architecture& a) { a.target = TargetInput::kMeasurement; });
    add([](Architecture& a) { a.target = TargetInput::kNoisyMeasurement; });
    add([](Architecture& a) { a.target = TargetInput::kCorrelatedNoise; });
    add([](Architecture& a) { a.levels = kMaxLevels; });
    add([](Architecture& a) { SampleLevels(a); });
    add([](Architecture& a) { SampleLevels(a).residual = false; });
    add([](Architecture& a) { SampleLevels(a).weight_activation = WeightActivation::kSoftmax; });
    add([](Architecture& a) { SampleLevels(a).weight_activation = WeightActivation::kLinear; });
    add([](Architecture& a) { SampleLevels(a).mean_subtraction = false; });
  }
  for (const DknFeatures features :
       {DknFeatures::kPlain, DknFeatures::kDilated, DknFeatures::kSmall}) {
    add([&](Architecture& a) { a.dkn_features = features; });
  }
  Architecture deep;
  deep.streams = StreamCount::kOne;
  deep.target = TargetInput::kNoisyMeasurement;
  deep.blocks = 2;
  variants.push_back(deep);
  return variants;
}

// onnx's own checker: operators, their attributes and inputs, every value made once before its use.
TEST(OnnxNetworkTest, EveryVariantIsValidAndGivesTheTargetsSize) {
  for (const Architecture& architecture : Variants()) {
    const onnx::ModelProto any = Export(architecture);
    EXPECT_NO_THROW(onnx::checker::check_model(any));
    const onnx::ModelProto fixed = Export(architecture, {24, 16});
    EXPECT_NO_THROW(onnx::checker::check_model(fixed));
    EXPECT_EQ(InferredOutput(fixed), (std::vector<std::int64_t>{1, 1, 16, 24}));
    EXPECT_EQ(fixed.opset_import(0).version(), kOnnxOperatorSet);
    EXPECT_EQ(Count(fixed, "BatchNormalization"), 0);
  }
}

TEST(OnnxNetworkTest, InputsHaveNamesAndSizes) {
  const auto shape = [](const onnx::ModelProto& model, int input) {
    return model.graph().input(input).type().tensor_type().shape();
  };
  const onnx::ModelProto any = Export({});
  EXPECT_EQ(InputNames(any), (std::vector<std::string>{"guide", "target"}));
  EXPECT_EQ(shape(any, 0).dim(1).dim_value(), 3);
  EXPECT_EQ(shape(any, 1).dim(1).dim_value(), 1);
  EXPECT_EQ(shape(any, 0).dim(2).dim_param(), "height");
  EXPECT_EQ(shape(any, 0).dim(3).dim_param(), "width");
  const onnx::ModelProto wide = Export({}, {24, 0});
  EXPECT_EQ(shape(wide, 1).dim(2).dim_param(), "height");
  EXPECT_EQ(shape(wide, 1).dim(3).dim_value(), 24);

  Architecture target_only;
  target_only.guide = GuideInput::kNone;
  EXPECT_EQ(InputNames(Export(target_only)), std::vector<std::string>{"target"});
}

// What is measured is an input where averages of the target need it, or the network sees it.
TEST(OnnxNetworkTest, MeasurementIsAnInputWhereItIsSeen) {
  Architecture architecture;
  architecture.levels = 2;
  EXPECT_EQ(InputNames(Export(architecture)),
            (std::vector<std::string>{"guide", "target", "measured"}));
  for (const int levels : {1, 2}) {
    architecture.levels = levels;
    architecture.target = TargetInput::kMeasurement;
    const onnx::ModelProto model = Export(architecture);
    EXPECT_EQ(InputNames(model),
              (std::vector<std::string>{"guide", "target", "measured", "log_ratio"}));
    const auto& measured = model.graph().input(2).type().tensor_type();
    EXPECT_EQ(measured.shape().dim(1).dim_value(), 1);
    EXPECT_EQ(measured.shape().dim(3).dim_param(), "width");
    const auto& log_ratio = model.graph().input(3).type().tensor_type();
    EXPECT_TRUE(log_ratio.has_shape());
    EXPECT_EQ(log_ratio.shape().dim_size(), 0);
  }
  architecture.target = TargetInput::kNoisyMeasurement;
  EXPECT_EQ(InputNames(Export(architecture)),
            (std::vector<std::string>{"guide", "target", "measured", "log_ratio", "noise"}));
  architecture.target = TargetInput::kCorrelatedNoise;
  EXPECT_EQ(InputNames(Export(architecture)),
            (std::vector<std::string>{"guide", "target", "measured", "log_ratio", "noise",
                                      "correlated_noise"}));
}

TEST(OnnxNetworkTest, LevelsAreHalvedOneFromTheOther) {
  Architecture architecture;
  EXPECT_EQ(Count(Export(architecture), "AveragePool"), 0);
  EXPECT_EQ(Count(Export(architecture), "GridSample"), 1);
  architecture.levels = 5;
  architecture.coarse_kernel_size = 3;
  const onnx::ModelProto model = Export(architecture);
  EXPECT_EQ(Count(model, "AveragePool"), 4);
  EXPECT_EQ(Count(model, "GridSample"), 5);
  EXPECT_EQ(Find(model, "level4.sampled").input(0), "pyramid4");
}

std::map<std::string, std::string> Metadata(const onnx::ModelProto& model) {
  std::map<std::string, std::string> metadata;
  for (const onnx::StringStringEntryProto& entry : model.metadata_props()) {
    metadata[entry.key()] = entry.value();
  }
  return metadata;
}

// With the fields that a model file may leave out, for who runs the graph has to know them.
TEST(OnnxNetworkTest, MetadataIsTheModelFilesAndTellsTheArchitecture) {
  Architecture architecture;
  architecture.levels = 2;
  TensorFile file = RandomWeights(architecture, 1);
  file.metadata["task"] = "depth";
  const std::map<std::string, std::string> whole = file.metadata;
  ASSERT_EQ(whole.at("kind"), "fdkn");
  EXPECT_EQ(Metadata(Parse(OnnxNetwork(file, architecture))), whole);
  file.metadata = {{"task", "depth"}, {"levels", "1"}};
  EXPECT_EQ(Metadata(Parse(OnnxNetwork(file, architecture))), whole);
}

TEST(OnnxNetworkTest, ConvolutionsAreTheFoldedOnes) {
  Architecture architecture;
  architecture.guide = GuideInput::kLuma;  // one channel: its phases keep their order
  const TensorFile file = RandomWeights(architecture, 1);
  const onnx::ModelProto model = Parse(OnnxNetwork(file, architecture));
  for (const Stream stream : Streams(architecture)) {
    const std::vector<Convolution> chain = StreamConvolutions(file, architecture, stream);
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
      const std::string name = StreamName(stream) + "." + chain[i].layer.name;
      EXPECT_EQ(Find(model, name).op_type(), "Conv");
      EXPECT_EQ(Values(model, name + ".weight"), chain[i].weights) << name;
      EXPECT_EQ(Values(model, name + ".bias"), chain[i].bias) << name;
    }
    std::vector<float> heads = Values(model, StreamName(stream) + ".conv_weight.weight");
    const auto offsets = Values(model, StreamName(stream) + ".conv_offset.weight");
    heads.insert(heads.end(), offsets.begin(), offsets.end());
    EXPECT_EQ(heads, chain.back().weights);
  }
}

// SpaceToDepth puts channel c of phase p at 3 p + c where our phases are at 16 c + p, and the graph
// takes R, G, B.
TEST(OnnxNetworkTest, FirstLayersInputsAreInTheGraphsOrder) {
  for (const ChannelOrder order : {ChannelOrder::kRgb, ChannelOrder::kBgr}) {
    Architecture architecture;
    architecture.channel_order = order;
    const TensorFile file = RandomWeights(architecture, 1);
    const auto ours = StreamConvolutions(file, architecture, Stream::kGuide).front();
    const auto written = Values(Parse(OnnxNetwork(file, architecture)), "ImageKernel.conv1.weight");
    const auto first_value = [&](const std::vector<float>& weights, std::size_t output,
                                 std::size_t input) {
      return weights[(output * std::size_t{48} + input) * 9];
    };
    for (const std::size_t output : {0, 31}) {
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t from = order == ChannelOrder::kBgr ? 2 - c : c;
        for (std::size_t phase = 0; phase < 16; ++phase) {
          EXPECT_EQ(first_value(written, output, 3 * phase + c),
                    first_value(ours.weights, output, 16 * from + phase));
        }
      }
    }
  }
}

// Of Table 1's shifts, 4 are split before each of the two DownConvs, in each stream.
TEST(OnnxNetworkTest, DknSplitsShiftsWhereTheyDiffer) {
  Architecture architecture;
  architecture.kind = NetworkKind::kDkn;
  const onnx::ModelProto model = Export(architecture);
  EXPECT_EQ(Count(model, "Slice"), 2 * 2 * 4);
  EXPECT_EQ(Count(model, "DepthToSpace"), 2 * 2);
  EXPECT_EQ(Find(model, "ImageKernel.conv2").input(0), "ImageKernel.conv2.shifts");
  architecture.dkn_features = DknFeatures::kPlain;
  EXPECT_EQ(Count(Export(architecture), "Slice"), 0);
}

TEST(OnnxNetworkTest, EqualContentGivesEqualBytes) {
  const TensorFile file = RandomWeights({}, 1);
  EXPECT_EQ(OnnxNetwork(file, {}), OnnxNetwork(file, {}));
}

TEST(OnnxNetworkTest, RefusesWhatItCannotWrite) {
  const TensorFile file = RandomWeights({}, 1);
  for (const OnnxImageSize& size : {OnnxImageSize{6, 4}, {4, 6}, {-4, 4}}) {
    EXPECT_THROW(OnnxNetwork(file, {}, size), Error);
  }
  Architecture other;
  other.n1 = 64;
  EXPECT_THROW(OnnxNetwork(file, other), Error);
}

}  // namespace
}  // namespace dkn
