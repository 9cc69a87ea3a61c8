// What stands for pair_folder.cpp, curves.cpp and segmentation_run.cpp in a build without dkn::io.
#include "dkn/error.h"
#include "src/train/curves.h"
#include "src/train/pair_files.h"
#include "src/train/segmentation_run.h"

namespace dkn::train {

std::vector<RgbdPair> ReadPairFolder(const std::string& folder) {
  throw Error(folder + ": this build has no dkn::io and reads packs alone (dkn-train --pack)");
}

std::vector<RgbdPair> ReadPictures(const std::string& folder, const std::vector<std::string>&) {
  throw Error(folder + ": this build has no dkn::io and reads no pictures");
}

void DrawCurves(const std::vector<LogRow>&, const std::string&, const std::string&) {}

void RunSegmentation(const std::string&, const RunOptions& options, const Report&) {
  throw Error(options.data + ": this build has no dkn::io and reads no pictures with labels");
}

}  // namespace dkn::train
