#ifndef DKN_SRC_IO_DEPTH_ORIGIN_H_
#define DKN_SRC_IO_DEPTH_ORIGIN_H_

#include <string>

#include "dkn/io.h"

namespace dkn {

// What depth in a file that ReadImage read seems to be, for people, with the option that helps: by
// the names of folders and file, as data sets are laid out ("depth of KITTI, 256 steps to a
// metre"), else by its size and values (millimetres, the bits of a phone, 24 bits in R,G,B). A
// guess; empty where nothing tells. The path may be relative.
std::string SeemedOrigin(const std::string& path, const ImageFile& file);

// The same, where the values alone show that they are not depth as they stand, but hold it: with
// the option that unpacks them.
std::string SeemedPacking(const ImageFile& file);

}  // namespace dkn

#endif  // DKN_SRC_IO_DEPTH_ORIGIN_H_
