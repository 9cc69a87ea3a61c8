#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/dkn/architecture.h"
#include "src/dkn/model_tensors.h"
#include "src/export/onnx_network.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

struct ExportOptions {
  std::string model;
  std::string onnx;
  OnnxImageSize size;
};

std::vector<std::uint8_t> OnnxBytes(const std::string& path, const OnnxImageSize& size) {
  const TensorFile file = ReadSafetensors(path);
  return InContext(path, [&] {
    const Architecture architecture = FromFields(file.metadata);
    RefuseUnknownTensors(file, architecture);
    return OnnxNetwork(file, architecture, size);
  });
}

void Run(const ExportOptions& options) {
  const std::string path = FindModelFile(options.model);
  if (path.empty()) {
    throw Error("'" + options.model + "' is no network: there is nothing to export");
  }
  CheckOutput("--onnx", options.onnx, {path});
  WriteFileBytes(options.onnx, OnnxBytes(path, options.size));
}

}  // namespace

void AddExport(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("export", "Write a network as an ONNX file, for other programs to run");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("MODEL", options->model, "Name of a shipped model, or a model file")
      ->required();
  command
      ->add_option(
          "--onnx", options->onnx,
          "File to write: inputs `guide` (1 x 3 x H x W: R, G, B) and `target` (1 x 1 x H "
          "x W), values in [0, 1]; of a network that sees what is measured `measured` "
          "(as `target`) and `log_ratio` (one value) too, and of one that sees noise `noise` "
          "and `correlated_noise` (one value each); result `output`")
      ->required();
  command->add_option("--width", options->size.width, "Of the images, a multiple of 4. 0: any")
      ->check(AtLeast(0))
      ->capture_default_str();
  command->add_option("--height", options->size.height, "Of the images, a multiple of 4. 0: any")
      ->check(AtLeast(0))
      ->capture_default_str();
  command->footer("Example: dkn export fdkn_x8 --onnx fdkn_x8.onnx");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
