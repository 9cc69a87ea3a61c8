#include "src/data/dataset_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/io/labels.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

void CheckInputSize(const SampleFiles& files, ConstView input, ConstView truth) {
  const int scale = files.input_scale;
  if (scale > 0 && (truth.width / scale != input.width || truth.height / scale != input.height)) {
    throw Error(files.input + ": is " + SizeText(input) + ", expected 1 / " +
                std::to_string(scale) + " of " + SizeText(truth));
  }
}

class FileDataset : public Dataset {
 public:
  FileDataset(std::vector<SampleFiles> samples, DatasetOptions options, ReadValues read)
      : samples_(std::move(samples)), options_(std::move(options)), read_(std::move(read)) {}

  std::size_t size() const override { return samples_.size(); }
  const std::string& Name(std::size_t i) const override { return samples_[i].name; }

  Sample Read(std::size_t i) const override {
    const SampleFiles& files = samples_[i];
    Sample sample;
    sample.guide = ReadGuide(files.guide);
    sample.truth = read_(files.truth);
    CheckSameSize(sample.guide, files.guide, sample.truth, files.truth);
    ToUnit(sample.truth, options_);
    if (!files.input.empty()) {
      sample.input = read_(files.input);
      CheckInputSize(files, *sample.input, sample.truth);
      ToUnit(*sample.input, options_);
    }
    return sample;
  }

  std::vector<std::string> Files(std::size_t i) const override {
    const SampleFiles& files = samples_[i];
    std::vector<std::string> paths{files.guide, files.truth};
    for (const std::string& path : {files.input, files.also_read}) {
      if (!path.empty()) {
        paths.push_back(path);
      }
    }
    return paths;
  }

 private:
  std::vector<SampleFiles> samples_;
  DatasetOptions options_;
  ReadValues read_;
};

}  // namespace

std::vector<std::string> ListFolder(const std::string& folder) {
  std::error_code code;
  std::vector<std::string> names;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    names.push_back(entry->path().filename().string());
  }
  if (code) {
    throw Error(folder + ": " + code.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string InFolder(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).string();
}

bool IsFolder(const std::string& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

bool IsThere(const std::string& path) {
  std::error_code code;
  return fs::exists(path, code);
}

std::optional<std::string> WithoutEnding(std::string_view file, std::string_view ending) {
  if (file.size() <= ending.size() || !file.ends_with(ending)) {
    return std::nullopt;
  }
  return std::string(file.substr(0, file.size() - ending.size()));
}

void RefuseFolder(const std::string& folder, const std::string& expected,
                  const std::vector<std::string>& found) {
  constexpr std::size_t kNamed = 4;
  std::string text = folder + ": no " + expected + " among its " + std::to_string(found.size()) +
                     " files" + (found.empty() ? "" : " (");
  for (std::size_t i = 0; i < std::min(kNamed, found.size()); ++i) {
    text += (i > 0 ? ", " : "") + found[i];
  }
  throw Error(text + (found.empty() ? "" : found.size() > kNamed ? ", ...)" : ")"));
}

void ToUnit(View values, const DatasetOptions& options) {
  for (int c = 0; c < values.channels; ++c) {
    for (int y = 0; y < values.height; ++y) {
      float* row = values.Row(y, c);
      for (int x = 0; x < values.width; ++x) {
        const bool known = std::isfinite(row[x]) && row[x] != options.invalid;
        row[x] = known ? static_cast<float>(row[x] * options.unit_per_step)
                       : std::numeric_limits<float>::quiet_NaN();
      }
    }
  }
}

void CheckSameSize(ConstView guide, const std::string& guide_name, ConstView truth,
                   const std::string& truth_name) {
  if (!SameSize(guide, truth)) {
    throw Error(truth_name + ": is " + SizeText(truth) + ", expected the size of " + guide_name +
                ", " + SizeText(guide));
  }
}

Image ReadStored(const std::string& path) {
  return ReadImage(path).image;
}

std::unique_ptr<Dataset> DatasetOfFiles(std::vector<SampleFiles> samples,
                                        const DatasetOptions& options, ReadValues read) {
  return std::make_unique<FileDataset>(std::move(samples), options, std::move(read));
}

std::unique_ptr<Dataset> DatasetOfLabels(std::vector<SampleFiles> samples,
                                         const DatasetOptions& options, int unknown) {
  if (options.unit_per_step != 1.0) {
    throw Error(options.path + ": unit_per_step is " + DigitsText(options.unit_per_step) +
                ", expected 1: labels have no unit");
  }
  return DatasetOfFiles(std::move(samples), options, [unknown](const std::string& path) {
    Image labels = ReadLabels(path);
    std::replace(labels.data(), labels.data() + labels.size(), static_cast<float>(unknown),
                 std::numeric_limits<float>::quiet_NaN());
    return labels;
  });
}

}  // namespace dkn
