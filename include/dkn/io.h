#ifndef DKN_IO_H_
#define DKN_IO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/export.h"
#include "dkn/frame.h"
#include "dkn/image.h"

namespace dkn {

struct ImageFile {
  Image image;      // values as stored, not scaled: 0..255, 0..65535, or the floats
  SampleType type;  // how the file stores them, or what was made of that
  std::vector<std::string> notes = {};  // ReadOptions::notes
};

struct ReadOptions {
  static constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;
  // Files whose header promises more pixels (width x height) are refused before memory is taken.
  std::int64_t max_pixels = kMaxPixels;
  // What of a file that holds several things is read, as after a colon in its name, which comes
  // first: of an NPZ an array; of OpenEXR a channel, as "depth.Z", the colours of a layer ("RGB"
  // where it has no name), or of a part. Empty: the only one there is; of OpenEXR else the one
  // layer of colours or, unless it is a guide's, the one channel of depth (Z or V).
  std::string name = {};
  bool guide = false;  // the picture of a joint filter, which may have no holes
  // How depth is packed into pixels, as `--packed` of the command (docs/formats.md): "carla",
  // "depth16", "bits:3-15" ...; what is read is unpacked. Empty, and of guides: it is not.
  std::string packed = {};
  // Gets, where it is not null, one line for each thing that was not kept as the file has it, such
  // as values that were rounded; without the file's name.
  std::vector<std::string>* notes = nullptr;
};

// Reads PNG, JPEG, TIFF, OpenEXR, PFM, PBM, PGM, PPM, BMP, WebP, NPY, NPZ or DPT
// (docs/formats.md); the content decides which, not the name. Colour is R,G,B. Palettes are
// expanded, grey of fewer than 8 bits is stretched to 0..255, half floats of OpenEXR become
// float32. Alpha is dropped; the orientation of JPEG, WebP and TIFF is applied. Of a TIFF with
// several pages the first is read; the scale of a PFM is not applied. Integers that are not uint8
// or uint16 become uint16 (uint8 of int8) where that holds them all, else float32, and so does
// float64. Of NPY axes of length 1 do not count. Of OpenEXR the display window is read: what no
// pixel is stored for is a hole (NaN; 0 of integers), as are the values that a TIFF calls no data.
// "FILE:NAME" is what ReadOptions::name says, where there is no file of the whole name.
//   PNG      uint8, uint16           1 or 3 channels
//   JPEG     uint8                   1 or 3
//   TIFF     all four, from others   1 or 3, or bands
//   OpenEXR  float32, from uint32    1 or 3
//   PFM      float32                 1 or 3
//   NPY      all four, from others   any number; [H, W] or [H, W, C]
//   PNM      uint8, uint16           1, 3 (read, not written, as what follows)
//   BMP      uint8                   1 or 3
//   WebP     uint8                   3
//   NPZ      as NPY                  any number
//   DPT      float32                 1 (depth of MPI Sintel)
// Throws Error with the file's name and the reason when the file cannot be read, is a folder,
// empty, truncated, of another format or kind, or larger than the options allow.
DKN_EXPORT ImageFile ReadImage(const std::string& path, const ReadOptions& options = {});
// Reads a picture as ReadImage does, but leaves its values in the file's own type.
DKN_EXPORT FrameBuffer ReadFrame(const std::string& path, const ReadOptions& options = {});

// A guide, ready for a joint filter: what GuideOf makes of the file's frame. Errors name the file.
DKN_EXPORT Image ReadGuide(const std::string& path, const ReadOptions& options = {});

// Writes `image` as `type` in the format that the name's ending tells: .png (uint8, uint16), .jpg,
// .jpeg (uint8), .tif, .tiff (not float16), .exr, .pfm (float32) or .npy, of 1 or 3 channels, of
// NPY and TIFF any number. Integers are rounded to the nearest (halves to even); Error, rather than
// a wrong value, where one is not finite or outside the type's range. JPEG alone is lossy (quality
// 95). The file is written whole or not at all: into a temporary file beside it, which reaches the
// disk before it is renamed, and is removed on failure.
DKN_EXPORT void WriteImage(const std::string& path, ConstView image, SampleType type);
// Throws Error where WriteImage would for the name alone: its ending tells no format, or no file of
// this name can be made. For programs that work long before they write.
DKN_EXPORT void CheckImageOutput(const std::string& path);
// Writes a frame of any layout as WriteImage does, in the frame's type.
DKN_EXPORT void WriteFrame(const std::string& path, const ConstFrame& frame);

}  // namespace dkn

#endif  // DKN_IO_H_
