#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/model.h"
#include "dkn/registry.h"
#include "dkn/segmenter.h"
#include "src/core/number_text.h"
#include "src/core/printable_text.h"
#include "src/core/text_table.h"
#include "src/io/depth_origin.h"
#include "src/rivals/rival_filter.h"

namespace dkn {
namespace {

constexpr char kModelSuffix[] = ".safetensors";
constexpr std::size_t kMaxShown = 8192;  // bytes of a name or value of the metadata

void PrintParameters(const std::vector<FilterParameter>& parameters, const std::string& value) {
  std::vector<TextRow> rows = {{"parameter", value, "from", "to", "unit", "meaning"}};
  for (const FilterParameter& parameter : parameters) {
    rows.push_back({parameter.name, DigitsText(parameter.value), DigitsText(parameter.least),
                    DigitsText(parameter.most), parameter.unit.empty() ? "-" : parameter.unit,
                    parameter.meaning});
  }
  std::cout << (rows.size() > 1 ? AlignedTable(rows) : "It has no parameters.\n");
}

void PrintMethod(const std::string& name) {
  const std::vector<FilterInfo> filters = ListFilters();
  const FilterInfo& info =
      *std::find_if(filters.begin(), filters.end(),
                    [&](const FilterInfo& filter) { return filter.name == name; });
  std::cout << info.name << ": " << info.summary << "\n";
  PrintParameters(info.parameters, "default");
}

void PrintCost(const std::string& path) {
  const std::optional<NetworkCost> cost = CostOf(path, 640, 480);
  std::cout << path << "\nparameters: " << cost->parameters
            << "\nGFLOP for 640 x 480: " << FixedText(1e-9 * cost->operations, 1) << "\n";
}

void PrintMetadata(const std::map<std::string, std::string>& metadata) {
  for (const auto& [name, value] : metadata) {
    std::cout << PrintableText(name, kMaxShown) << ": " << PrintableText(value, kMaxShown) << "\n";
  }
}

void PrintSegmenter(const std::string& path) {
  const auto segmenter = Segmenter::Load(path, {.filter = "none"});
  const NetworkCost cost = segmenter->Cost(640, 480);
  std::cout << path << "\nparameters: " << cost.parameters
            << "\nGFLOP for 640 x 480: " << FixedText(1e-9 * cost.operations, 1) << "\n";
  PrintMetadata(segmenter->metadata());
}

void PrintModel(const std::string& path) {
  if (HoldsSegmenter(path)) {
    PrintSegmenter(path);
    return;
  }
  const auto filter = CreateFilter(path);
  PrintCost(path);
  if (const auto* model = dynamic_cast<const Model*>(filter.get())) {
    PrintMetadata(model->metadata());
  } else if (const auto* rival = dynamic_cast<const RivalFilter*>(filter.get())) {
    const std::vector<RivalInfo> rivals = ListRivals();
    const RivalInfo& info = *std::find_if(rivals.begin(), rivals.end(), [&](const RivalInfo& item) {
      return item.name == rival->name();
    });
    std::map<std::string, std::string> metadata = rival->metadata();
    metadata.erase("network");
    PrintMetadata(metadata);
    std::cout << "network: " << info.name << ", " << info.summary << "\n";
    PrintParameters(rival->parameters(), "value");
  }
}

void PrintImage(const std::string& path, const std::string& packed) {
  ReadOptions options;
  options.packed = packed;
  const ImageFile file = ReadImage(path, options);
  const Image& image = file.image;
  float low = std::numeric_limits<float>::infinity();
  float high = -low;
  std::size_t finite = 0;
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const float value = image.data()[i];
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
      zeros += value == 0.0f ? 1 : 0;
      ++finite;
    }
  }
  std::cout << path << "\nsize: " << image.width() << " x " << image.height()
            << "\nchannels: " << image.channels() << "\ntype: " << SampleTypeName(file.type)
            << "\n";
  if (finite > 0) {
    std::cout << "values: " << low << " to " << high << "\n";
  }
  std::cout << "zeros: " << zeros << "\nnot finite: " << image.size() - finite << "\n";
  const std::string origin = packed.empty() ? SeemedOrigin(path, file) : "";
  if (!origin.empty()) {
    std::cout << "seems: " << origin << "\n";
  }
  for (const std::string& note : file.notes) {
    std::cout << "note: " << PrintableText(note, kMaxShown) << "\n";
  }
}

// A name without folder and ending, as "fdkn_x8", is a model's.
void Run(const std::string& file, const std::string& packed) {
  const bool is_name = file.find_first_of("./") == std::string::npos;
  if (is_name || file.ends_with(kModelSuffix)) {
    const std::string path = FindModelFile(file);
    path.empty() ? PrintMethod(file) : PrintModel(path);
  } else {
    PrintImage(file, packed);
  }
}

}  // namespace

void AddInfo(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "info",
      "Describe a method (its parameters), a model (architecture, training, accuracy) or an image "
      "(size, type, range)");
  const auto file = std::make_shared<std::string>();
  const auto packed = std::make_shared<std::string>();
  command->add_option("FILE", *file, "Name of a method or shipped model, model file, or image")
      ->required();
  command->add_option(
      "--packed", *packed,
      "Of an image: how its pixels hold depth, as of dkn upsample; what is described "
      "is the depth. Without it what the file seems to be is told, a guess by its "
      "names and values");
  command->footer("Example: dkn info fdkn_x8; dkn info guided");
  command->callback([file, packed] { Run(*file, *packed); });
}

}  // namespace dkn
