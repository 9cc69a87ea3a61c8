#include "src/export/onnx_graph.h"

#include <limits>

#include "dkn/error.h"

namespace dkn {
namespace {

// The version of the file format that came with this operator set: ONNX 1.11.
constexpr int kIrVersion = 8;

void SetAttribute(const std::string& name, const OnnxGraph::Attribute& value,
                  onnx::AttributeProto& attribute) {
  attribute.set_name(name);
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(*number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(*text);
  } else {
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t size : std::get<OnnxGraph::Sizes>(value)) {
      attribute.add_ints(size);
    }
  }
}

void SetDimension(const char* name, int size, onnx::TensorShapeProto& shape) {
  if (size == 0) {
    shape.add_dim()->set_dim_param(name);
  } else {
    shape.add_dim()->set_dim_value(size);
  }
}

}  // namespace

OnnxGraph::OnnxGraph(const std::string& name, int width, int height)
    : width_(width), height_(height) {
  graph_.set_name(name);
}

void OnnxGraph::SetImageType(onnx::ValueInfoProto& value, const std::string& name,
                             int channels) const {
  value.set_name(name);
  onnx::TypeProto::Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  onnx::TensorShapeProto& shape = *type.mutable_shape();
  shape.add_dim()->set_dim_value(1);
  shape.add_dim()->set_dim_value(channels);
  SetDimension("height", height_, shape);
  SetDimension("width", width_, shape);
}

OnnxGraph::Value OnnxGraph::AddInput(const std::string& name, int channels) {
  SetImageType(*graph_.add_input(), name, channels);
  return name;
}

void OnnxGraph::AddOutput(const std::string& name, int channels) {
  SetImageType(*graph_.add_output(), name, channels);
}

OnnxGraph::Value OnnxGraph::AddScalarInput(const std::string& name) {
  onnx::ValueInfoProto& value = *graph_.add_input();
  value.set_name(name);
  onnx::TypeProto::Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  type.mutable_shape();  // known, of no dimensions
  return name;
}

OnnxGraph::Value OnnxGraph::AddFloats(const std::string& name, const Sizes& shape,
                                      const std::vector<float>& values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.mutable_dims()->Assign(shape.begin(), shape.end());
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
  return name;
}

OnnxGraph::Value OnnxGraph::AddScalar(const std::string& name, float value) {
  return AddFloats(name, {}, {value});
}

OnnxGraph::Value OnnxGraph::AddIntegers(const std::string& name, const Sizes& values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  tensor.set_raw_data(values.data(), values.size() * sizeof(std::int64_t));
  return name;
}

OnnxGraph::Value OnnxGraph::AddNode(const std::string& operation, const std::string& name,
                                    const std::vector<Value>& inputs,
                                    const Attributes& attributes) {
  onnx::NodeProto& node = *graph_.add_node();
  node.set_op_type(operation);
  node.set_name(name);
  for (const Value& input : inputs) {
    node.add_input(input);
  }
  node.add_output(name);
  for (const auto& [key, value] : attributes) {
    SetAttribute(key, value, *node.add_attribute());
  }
  return name;
}

OnnxGraph::Value OnnxGraph::Reshape(const std::string& name, const Value& value,
                                    const Sizes& shape) {
  return AddNode("Reshape", name, {value, AddIntegers(name + ".shape", shape)});
}

OnnxGraph::Value OnnxGraph::Clip(const std::string& name, const Value& value, float low,
                                 float high) {
  return AddNode("Clip", name,
                 {value, AddScalar(name + ".low", low), AddScalar(name + ".high", high)});
}

OnnxGraph::Value OnnxGraph::Slice(const std::string& name, const Value& value,
                                  std::int64_t dimension, std::int64_t begin, std::int64_t end) {
  return AddNode("Slice", name,
                 {value, AddIntegers(name + ".begin", {begin}), AddIntegers(name + ".end", {end}),
                  AddIntegers(name + ".axes", {dimension})});
}

std::vector<std::uint8_t> OnnxGraph::ModelBytes(
    const std::map<std::string, std::string>& metadata) const {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("dkn");
  model.add_opset_import()->set_version(kOnnxOperatorSet);
  for (const auto& [key, value] : metadata) {
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  *model.mutable_graph() = graph_;
  const std::size_t size = model.ByteSizeLong();
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error("the network takes " + std::to_string(size) +
                " bytes, and an ONNX file holds 2^31");
  }
  std::vector<std::uint8_t> bytes(size);
  model.SerializeToArray(bytes.data(), static_cast<int>(size));
  return bytes;
}

}  // namespace dkn
