#include "src/io/tiff_info.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "dkn/error.h"

namespace dkn {
namespace {

// What its colours are, where they are not read, and what to do.
std::string ColoursText(std::uint16_t colour) {
  const char* const name =
      colour == PHOTOMETRIC_SEPARATED ? "inks of print (CMYK)"
      : colour == PHOTOMETRIC_YCBCR   ? "Y,Cb,Cr"
      : colour == PHOTOMETRIC_CIELAB || colour == PHOTOMETRIC_ICCLAB || colour == PHOTOMETRIC_ITULAB
          ? "L*a*b*"
          : nullptr;
  return (name == nullptr ? "" : std::string(", ") + name) +
         ", expected grey or R,G,B, with alpha or without, bands of grey, or a palette of 8 bits "
         "or "
         "less; a painting program or ImageMagick's -colorspace sRGB converts it";
}

}  // namespace

TiffInfo ReadTiffInfo(TIFF* tiff) {
  TiffInfo info;
  if (TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &info.width) == 0 ||
      TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &info.height) == 0 ||
      TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &info.colour) == 0) {
    throw Error("the TIFF lacks its width (tag 256), height (257) or photometric kind (262)");
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &info.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &info.format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &info.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &info.planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &info.orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &info.compression);
  const std::uint16_t* kinds = nullptr;
  std::uint16_t extra = 0;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds) != 0 && extra > 0) {
    info.extra = extra;
    info.first_extra = kinds[0];
  }
  return info;
}

StoredType TiffSampleType(const TiffInfo& info) {
  const bool is_float = info.format == SAMPLEFORMAT_IEEEFP;
  const bool is_integer = info.format == SAMPLEFORMAT_UINT || info.format == SAMPLEFORMAT_INT;
  const std::uint16_t bits = info.bits;
  const bool part = bits == 1 || bits == 2 || bits == 4;  // of a byte
  if (part && info.format == SAMPLEFORMAT_UINT && info.samples == 1) {
    return {StoredType::kUnsigned, 1};
  }
  if ((!is_float && !is_integer) || (bits != 8 && bits != 16 && bits != 32 && bits != 64) ||
      (is_float && bits == 8)) {
    throw Error("the TIFF has samples of " + std::to_string(info.bits) + " bits and format " +
                std::to_string(info.format) +
                ", expected integers of 8 to 64 bits, of one channel also of 1, 2 and 4, or floats "
                "of 16 to 64");
  }
  if (info.white_is_0() && info.format != SAMPLEFORMAT_UINT) {
    throw Error("the TIFF has values with a sign or floats of which 0 is white, expected black");
  }
  return {is_float                           ? StoredType::kFloat
          : info.format == SAMPLEFORMAT_UINT ? StoredType::kUnsigned
                                             : StoredType::kSigned,
          bits / 8};
}

int TiffChannels(const TiffInfo& info, const ReadOptions& options) {
  constexpr int kMostBands = 4096;
  const bool alpha = info.first_extra != EXTRASAMPLE_UNSPECIFIED;
  if (info.palette() && info.samples == 1 && info.bits <= 8) {
    return 3;
  }
  if (info.colour == PHOTOMETRIC_RGB && (info.samples == 3 || info.samples == 4)) {
    if (info.samples == 4 && !alpha) {
      AddNote(options, "its fourth channel, beside R,G,B, is none that its tags name: left out");
    }
    return 3;
  }
  if ((info.grey() && info.samples >= 1) || (info.colour == PHOTOMETRIC_RGB && info.samples > 4)) {
    const int channels = info.grey() && info.samples == 2 && alpha ? 1 : info.samples;
    if (channels <= kMostBands) {
      return channels;
    }
  }
  throw Error("the TIFF has " + std::to_string(info.samples) + " channels of photometric kind " +
              std::to_string(info.colour) + ColoursText(info.colour));
}

void CheckTiffCompression(const TiffInfo& info) {
  constexpr std::uint16_t kKnown[] = {
      COMPRESSION_NONE,          COMPRESSION_LZW,      COMPRESSION_JPEG,
      COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS, COMPRESSION_DEFLATE,
      COMPRESSION_LERC,          COMPRESSION_ZSTD,     COMPRESSION_WEBP};
  if (std::find(std::begin(kKnown), std::end(kKnown), info.compression) == std::end(kKnown)) {
    // LZMA is not among them: the data decide how much memory its decoder takes, up to 4 GB.
    throw Error(
        "TIFF compression " + std::to_string(info.compression) +
        " is not read, expected none, LZW, JPEG, Deflate, PackBits, LERC, Zstandard or WebP");
  }
}

}  // namespace dkn
