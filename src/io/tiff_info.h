#ifndef DKN_SRC_IO_TIFF_INFO_H_
#define DKN_SRC_IO_TIFF_INFO_H_

#include <tiffio.h>

#include <cstdint>

#include "dkn/io.h"
#include "src/io/stored_samples.h"

namespace dkn {

// What the tags of a TIFF's page say of its values.
struct TiffInfo {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t bits = 0;
  std::uint16_t format = 0;
  std::uint16_t samples = 0;
  std::uint16_t colour = 0;
  std::uint16_t planar = 0;
  std::uint16_t orientation = 0;
  std::uint16_t compression = 0;
  std::uint16_t extra = 0;                             // of the samples, beside grey or colours
  std::uint16_t first_extra = EXTRASAMPLE_UNASSALPHA;  // what the first of these is

  bool palette() const { return colour == PHOTOMETRIC_PALETTE; }
  bool white_is_0() const { return colour == PHOTOMETRIC_MINISWHITE; }
  bool grey() const { return colour == PHOTOMETRIC_MINISBLACK || white_is_0(); }
  // Whether channels are stored one after the other.
  bool apart() const { return samples > 1 && planar == PLANARCONFIG_SEPARATE; }
};

// Throws Error where the page lacks its size or what its values are.
TiffInfo ReadTiffInfo(TIFF* tiff);

// How samples are read: of fewer than 8 bits, of one channel alone, as bytes. Throws Error for
// others than integers and floats of whole bytes.
StoredType TiffSampleType(const TiffInfo& info);

// The channels that are read. Alpha is not, nor a fourth one beside R,G,B that the tags do not
// name, which is told; two channels of grey without a word are grey and alpha, and more are bands.
// Throws Error for other colours.
int TiffChannels(const TiffInfo& info, const ReadOptions& options);

// Throws Error unless it is one that is read.
void CheckTiffCompression(const TiffInfo& info);

}  // namespace dkn

#endif  // DKN_SRC_IO_TIFF_INFO_H_
