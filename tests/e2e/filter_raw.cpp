// Usage: dkn_filter_raw MODEL WIDTH HEIGHT LOG_RATIO
// Filters guide.raw, target.raw and measured.raw (FilterInput::mask) of the folder that it runs in,
// raw float32 channel by channel, into ours.raw, for export_test.py: the library's results in fp32
// for inputs that `dkn filter` has no means to give. LOG_RATIO is the binary logarithm of the
// distance between the target's samples. Prints NoiseLevel and CorrelatedNoise of the target where
// it is measured.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/file.h"
#include "src/dkn/stream_input.h"
#include "src/imaging/noise_level.h"

namespace {

dkn::Image ReadRaw(const std::string& path, int width, int height, int channels) {
  dkn::Image image(width, height, channels);
  const std::vector<std::uint8_t> bytes = dkn::ReadFileBytes(path);
  if (bytes.size() != image.size() * sizeof(float)) {
    throw dkn::Error(path + ": has " + std::to_string(bytes.size()) + " bytes, expected " +
                     std::to_string(image.size() * sizeof(float)));
  }
  std::memcpy(image.data(), bytes.data(), bytes.size());
  return image;
}

void Filter(const std::string& model, int width, int height, float log_ratio) {
  const dkn::Image guide = ReadRaw("guide.raw", width, height, 3);
  const dkn::Image target = ReadRaw("target.raw", width, height, 1);
  const dkn::Image measured = ReadRaw("measured.raw", width, height, 1);
  // Of samples the networks see the steps and the noise alone.
  dkn::Image samples_measured(width, height);
  std::transform(measured.data(), measured.data() + measured.size(), samples_measured.data(),
                 [](float share) { return share > 0.0f ? 1.0f : 0.0f; });
  dkn::FilterInput input{guide, target, measured, {target, samples_measured}};
  input.samples.step_x = input.samples.step_y = std::exp2(log_ratio);
  dkn::FilterOutput output;
  dkn::Model::Load(model)->Apply(input, output);
  std::cout << dkn::NoiseLevel(target, measured) << " "
            << dkn::CorrelatedNoise(target, measured, input.samples.step_x, input.samples.step_y)
            << "\n";
  dkn::WriteFileBytes("ours.raw", {reinterpret_cast<const std::uint8_t*>(output.image.data()),
                                   output.image.size() * sizeof(float)});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 5) {
      throw dkn::Error("usage: dkn_filter_raw MODEL WIDTH HEIGHT LOG_RATIO");
    }
    Filter(argv[1], std::stoi(argv[2]), std::stoi(argv[3]), std::stof(argv[4]));
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
