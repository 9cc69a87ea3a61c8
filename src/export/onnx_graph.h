#ifndef DKN_SRC_EXPORT_ONNX_GRAPH_H_
#define DKN_SRC_EXPORT_ONNX_GRAPH_H_

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dkn {

// The operator set of the models we write, the first with GridSample.
inline constexpr int kOnnxOperatorSet = 16;

// Builds an ONNX graph node by node. Values are known by their names; the caller gives each name
// once, and adds a node after those that it takes values from.
class OnnxGraph {
 public:
  using Value = std::string;
  using Sizes = std::vector<std::int64_t>;
  using Attribute = std::variant<std::int64_t, std::string, Sizes>;
  using Attributes = std::vector<std::pair<std::string, Attribute>>;

  // Images of the graph, float32 of [1, channels, height, width]. Width and height are those of the
  // graph, or any where they are 0.
  OnnxGraph(const std::string& name, int width, int height);
  Value AddInput(const std::string& name, int channels);
  void AddOutput(const std::string& name, int channels);
  // An input that is a single float32, of no dimensions.
  Value AddScalarInput(const std::string& name);

  // Constants: float32 of any shape, integers of one dimension, or a single value.
  Value AddFloats(const std::string& name, const Sizes& shape, const std::vector<float>& values);
  Value AddScalar(const std::string& name, float value);
  Value AddIntegers(const std::string& name, const Sizes& values);

  // A node with one output; node and output are both called `name`. An empty input is one left out.
  Value AddNode(const std::string& operation, const std::string& name,
                const std::vector<Value>& inputs, const Attributes& attributes = {});
  // Nodes whose settings are inputs: constants named after the node.
  Value Reshape(const std::string& name, const Value& value, const Sizes& shape);
  Value Clip(const std::string& name, const Value& value, float low, float high);
  // The indices [begin, end) of one dimension.
  Value Slice(const std::string& name, const Value& value, std::int64_t dimension,
              std::int64_t begin, std::int64_t end);

  // The graph as the bytes of a model file. Equal graphs give equal bytes. Throws Error where they
  // are more than a file of this format holds (2 GiB).
  std::vector<std::uint8_t> ModelBytes(const std::map<std::string, std::string>& metadata) const;

 private:
  void SetImageType(onnx::ValueInfoProto& value, const std::string& name, int channels) const;

  onnx::GraphProto graph_;
  int width_;
  int height_;
};

}  // namespace dkn

#endif  // DKN_SRC_EXPORT_ONNX_GRAPH_H_
