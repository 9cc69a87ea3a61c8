#ifndef DKN_SRC_IO_IMAGE_FILES_H_
#define DKN_SRC_IO_IMAGE_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/io.h"
#include "src/io/image_codecs.h"

namespace dkn {

// Values as stored.
ImageFile ImageFileOf(const FrameBuffer& frame);

// The bytes that WriteImage writes, for programs that write several files together. Throws Error as
// WriteImage does, naming the file.
std::vector<std::uint8_t> ImageFileBytes(const std::string& path, ConstView image, SampleType type);

// The bytes that WriteFrame writes; errors too are its own. `png_compression` as for PngBytes;
// other formats have one.
std::vector<std::uint8_t> FrameFileBytes(const std::string& path, const ConstFrame& frame,
                                         int png_compression = kFastPng);

// Whether files with this name's ending hold samples of this type; true of an ending that
// WriteImage does not know, of which that tells.
bool HoldsType(const std::string& path, SampleType type);

}  // namespace dkn

#endif  // DKN_SRC_IO_IMAGE_FILES_H_
