#ifndef DKN_SRC_TRAIN_PAIR_FILES_H_
#define DKN_SRC_TRAIN_PAIR_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "src/core/bytes.h"
#include "src/train/training_set.h"

namespace dkn::train {

// The pairs of a folder (NAME_color.png or .jpg and NAME_depth.png, in the order of their names) or
// of a pack. Throws Error naming the file.
std::vector<RgbdPair> ReadPairs(const std::string& path);

// A pack holds many pairs in one file, for machines without image codecs: the text "DKNPACK1", the
// number of pairs, and for each its width and height (32 bits each, little-endian), R,G,B planes of
// 8 bits, and depth of 16 bits. Reading is strict: the size is exact.
std::vector<RgbdPair> ReadPack(const std::string& path);
std::vector<RgbdPair> ParsePack(Bytes bytes);  // Errors are without the file's name
void WritePack(const std::string& path, const std::vector<RgbdPair>& pairs);

// The part of size x size pixels whose first is (x, y); it must lie inside.
RgbdPair CropPair(const RgbdPair& pair, int x, int y, int size);

// `count` parts of size x size pixels at random places, multiples of 8, of the pairs in turn.
// Throws Error when a pair is smaller.
std::vector<RgbdPair> CropPairs(const std::vector<RgbdPair>& pairs, int count, int size,
                                std::uint64_t seed);

// The pairs of pictures of a folder, NAME_flash.png (or .jpg) or NAME_nir.png and NAME_noflash.png,
// as the layout "pictures" has them (docs/datasets.md); `splits`: flash, infrared. A build without
// dkn::io has none and throws Error.
std::vector<RgbdPair> ReadPictures(const std::string& folder,
                                   const std::vector<std::string>& splits);

// ReadPairs for a folder. A build without dkn::io has none and throws Error.
std::vector<RgbdPair> ReadPairFolder(const std::string& folder);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_PAIR_FILES_H_
