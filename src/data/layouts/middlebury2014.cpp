// Middlebury 2014 (Scharstein et al., GCPR 2014), any of its sizes: a folder of scenes, or one
// scene, each a folder with im0.png, disp0.pfm (disp0GT.pfm in the evaluation's archives) and
// calib.txt. Infinity is "not known". The split is what the truth holds: "disparity", as stored, in
// pixels, or "depth", baseline * f / (disparity + doffs) by calib.txt, in its unit, mm.

#include <charconv>
#include <filesystem>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

constexpr std::uint64_t kMaxCalibration = 1 << 16;  // bytes

struct Calibration {
  double focal_length = 0.0;  // pixels
  double offset = 0.0;        // doffs: principal points' difference in x, pixels
  double baseline = 0.0;      // mm
};

// The number that `text` begins with, or an Error that names `key`.
double ParseNumber(std::string_view text, const std::string& key) {
  double value = 0.0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc()) {
    throw Error("'" + key + "' is not a number");
  }
  return value;
}

// Lines KEY=VALUE, of which cam0=[f 0 cx; 0 f cy; 0 0 1], doffs and baseline count.
Calibration ParseCalibration(std::string_view text) {
  std::map<std::string, double> values;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t equals = line.find('=');
    const std::string key(line.substr(0, equals));
    if (equals != std::string_view::npos &&
        (key == "cam0" || key == "doffs" || key == "baseline")) {
      line.remove_prefix(equals + 1);
      line.remove_prefix(line.starts_with('[') ? 1 : 0);
      values[key] = ParseNumber(line, key);
    }
  }
  for (const char* key : {"cam0", "doffs", "baseline"}) {
    if (values.count(key) == 0) {
      throw Error(std::string("holds no line ") + key + "=, expected cam0, doffs and baseline");
    }
  }
  if (!(values["cam0"] > 0.0 && values["baseline"] > 0.0)) {
    throw Error("cam0 and baseline are not more than 0");
  }
  return {values["cam0"], values["doffs"], values["baseline"]};
}

// Disparities as stored become depth in mm; what is no depth becomes NaN.
void ToDepth(Image& image, const Calibration& calibration) {
  for (std::size_t i = 0; i < image.size(); ++i) {
    float& value = image.data()[i];
    const double disparity = static_cast<double>(value) + calibration.offset;
    value = disparity > 0.0 && disparity <= std::numeric_limits<float>::max()
                ? static_cast<float>(calibration.baseline * calibration.focal_length / disparity)
                : std::numeric_limits<float>::quiet_NaN();
  }
}

std::string CalibrationBeside(const std::string& disparity) {
  return (std::filesystem::path(disparity).parent_path() / "calib.txt").string();
}

Image ReadDepth(const std::string& path) {
  Image image = ReadStored(path);
  const std::string file = CalibrationBeside(path);
  const std::vector<std::uint8_t> text = ReadFileBytes(file, kMaxCalibration);
  InContext(file, [&] {
    ToDepth(image, ParseCalibration({reinterpret_cast<const char*>(text.data()), text.size()}));
  });
  return image;
}

// The truth of a scene's folder; empty when it has none.
std::string FindDisparity(const std::string& scene) {
  for (const char* name : {"disp0.pfm", "disp0GT.pfm"}) {
    if (IsThere(InFolder(scene, name))) {
      return InFolder(scene, name);
    }
  }
  return "";
}

}  // namespace

std::unique_ptr<Dataset> OpenMiddlebury2014(const DatasetOptions& options) {
  const std::vector<std::string> files = ListFolder(options.path);
  std::vector<SampleFiles> samples;
  const auto add = [&](const std::string& name, const std::string& scene) {
    const std::string disparity = FindDisparity(scene);
    if (!disparity.empty()) {
      if (!IsThere(InFolder(scene, "im0.png"))) {
        throw Error(disparity + " has no im0.png beside it");
      }
      samples.push_back({name, InFolder(scene, "im0.png"), disparity});
      if (options.split == "depth") {
        samples.back().also_read = CalibrationBeside(disparity);
      }
    }
  };
  add("scene", options.path);
  for (const std::string& file : files) {
    add(file, InFolder(options.path, file));
  }
  if (samples.empty()) {
    RefuseFolder(options.path, "SCENE/disp0.pfm with SCENE/im0.png", files);
  }
  return DatasetOfFiles(std::move(samples), options,
                        options.split == "depth" ? ReadDepth : ReadStored);
}

}  // namespace dkn
