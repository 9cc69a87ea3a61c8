#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "dkn/error.h"
#include "src/io/image_codecs.h"
#include "src/io/picture_rows.h"
#include "src/io/size_limit.h"
#include "src/io/stored_samples.h"
#include "src/io/tiff_memory.h"

namespace dkn {
namespace {

// libtiff copies the values of every tag, also where tags of a small file share them: a megabyte
// could take gigabytes. Throws Error where the first page's tags declare more than the file has.
void CheckTags(Bytes bytes) {
  // Bytes of one value of each type of TIFF 6.0 and, from 16, of BigTIFF.
  constexpr std::uint32_t kSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  constexpr std::uint16_t kBigVersion = 43;
  ByteReader reader(bytes, bytes[0] == 'I' ? std::endian::little : std::endian::big);
  reader.Seek(2);
  const bool big = reader.U16() == kBigVersion;
  if (big) {
    reader.U32();  // bytes of an offset, 8
    reader.Seek(reader.U64());
  } else {
    reader.Seek(reader.U32());
  }
  std::uint64_t total = 0;
  for (std::uint64_t left = big ? reader.U64() : reader.U16(); left > 0; --left) {
    reader.U16();  // tag
    const std::uint16_t type = reader.U16();
    const std::uint64_t count = big ? reader.U64() : reader.U32();
    reader.Take(big ? 8 : 4);  // place
    const std::uint64_t size = type < std::size(kSizes) ? kSizes[type] : 0;
    total += size > 0 && count > bytes.size() / size ? bytes.size() + 1 : count * size;
    if (total > bytes.size()) {
      throw Error("the TIFF's tags declare values of more bytes than the file has");
    }
  }
}

struct Info {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t bits = 0;
  std::uint16_t format = 0;
  std::uint16_t samples = 0;
  std::uint16_t colour = 0;
  std::uint16_t planar = 0;
  std::uint16_t orientation = 0;
  std::uint16_t compression = 0;

  bool palette() const { return colour == PHOTOMETRIC_PALETTE; }
};

Info ReadInfo(TIFF* tiff) {
  Info info;
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
  return info;
}

StoredType TypeOf(const Info& info) {
  const bool is_float = info.format == SAMPLEFORMAT_IEEEFP;
  const bool is_integer = info.format == SAMPLEFORMAT_UINT || info.format == SAMPLEFORMAT_INT;
  const std::uint16_t bits = info.bits;
  if ((!is_float && !is_integer) || (bits != 8 && bits != 16 && bits != 32 && bits != 64) ||
      (is_float && bits == 8)) {
    throw Error("the TIFF has samples of " + std::to_string(info.bits) + " bits and format " +
                std::to_string(info.format) +
                ", expected integers of 8 to 64 bits or floats of 16 to 64");
  }
  return {is_float                           ? StoredType::kFloat
          : info.format == SAMPLEFORMAT_UINT ? StoredType::kUnsigned
                                             : StoredType::kSigned,
          bits / 8};
}

// The value that stands for no measurement in the one channel of a picture, as GDAL writes it: a
// number's text. What is no finite number marks nothing.
std::optional<double> NoDataOf(TIFF* tiff) {
  constexpr ttag_t kGdalNoData = 42113;
  std::uint32_t count = 0;
  const char* text = nullptr;
  if (TIFFGetField(tiff, kGdalNoData, &count, &text) == 0 || text == nullptr) {
    return std::nullopt;
  }
  const TIFFField* const field = TIFFFindField(tiff, kGdalNoData, TIFF_ANY);
  if (field == nullptr || TIFFFieldDataType(field) != TIFF_ASCII) {
    return std::nullopt;
  }
  std::string_view digits(text, strnlen(text, count));
  digits.remove_prefix(std::min(digits.find_first_not_of(" +"), digits.size()));
  double value = 0.0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool number = code == std::errc() && std::isfinite(value);
  return number ? std::optional<double>(value) : std::nullopt;
}

// The channels that the picture has without alpha. Refuses files whose values would have to be
// moved (stored apart, rotated or mirrored) or altered (other colour spaces).
int ChannelsOf(const Info& info) {
  if (info.samples > 1 && info.planar != PLANARCONFIG_CONTIG) {
    throw Error("the TIFF stores its channels apart, expected interleaved ones");
  }
  if (info.orientation != ORIENTATION_TOPLEFT) {
    throw Error("the TIFF is stored rotated or mirrored (tag 274), expected upright");
  }
  if (info.colour == PHOTOMETRIC_MINISBLACK && (info.samples == 1 || info.samples == 2)) {
    return 1;
  }
  if ((info.palette() && info.samples == 1 && info.bits == 8) ||
      (info.colour == PHOTOMETRIC_RGB && (info.samples == 3 || info.samples == 4))) {
    return 3;
  }
  throw Error("the TIFF has " + std::to_string(info.samples) + " channels of photometric kind " +
              std::to_string(info.colour) +
              ", expected grey or R,G,B, with alpha or without, or 8-bit palette");
}

void CheckCompression(const Info& info) {
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

// The strips or tiles that a page is made of.
struct Blocks {
  bool tiled = false;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

Blocks BlocksOf(TIFF* tiff, const Info& info) {
  Blocks blocks;
  blocks.tiled = TIFFIsTiled(tiff) != 0;
  if (blocks.tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &blocks.width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &blocks.height);
  } else {
    blocks.width = info.width;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &blocks.height);
    blocks.height = std::min(blocks.height, info.height);
  }
  CheckBlock(blocks.width, blocks.height, info.width, info.height);
  return blocks;
}

// Copies `count` pixels of a row: as they are, without their last sample, or by their colours.
class RowCopy {
 public:
  RowCopy(TiffFile& file, const Info& info, int channels)
      : sample_(info.bits / 8u), from_(sample_ * info.samples), to_(sample_ * channels) {
    if (info.palette()) {
      const bool known = TIFFGetField(file.get(), TIFFTAG_COLORMAP, &map_[0], &map_[1], &map_[2]);
      file.Check(known);
      // The map's values have 16 bits, but some programs write 8.
      shift_ = std::any_of(std::begin(map_), std::end(map_),
                           [](const std::uint16_t* values) {
                             return std::any_of(values, values + 256,
                                                [](std::uint16_t value) { return value > 255; });
                           })
                   ? 8
                   : 0;
    }
  }

  std::size_t pixel_bytes() const { return from_; }
  void operator()(const std::uint8_t* from, std::size_t count, std::uint8_t* to) const {
    if (map_[0] != nullptr) {
      for (; count > 0; --count, ++from, to += 3) {
        for (int c = 0; c < 3; ++c) {
          to[c] = static_cast<std::uint8_t>(map_[c][*from] >> shift_);
        }
      }
    } else if (from_ == to_) {
      std::memcpy(to, from, count * from_);
    } else {
      for (; count > 0; --count, from += from_, to += to_) {
        std::memcpy(to, from, to_);
      }
    }
  }

 private:
  std::size_t sample_;
  std::size_t from_;  // bytes of a pixel
  std::size_t to_;
  std::uint16_t* map_[3] = {};
  int shift_ = 0;
};

void ReadBlock(TiffFile& file, std::uint32_t index, bool tiled, std::vector<std::uint8_t>& block,
               std::size_t size) {
  const auto wanted = static_cast<tmsize_t>(size);
  const tmsize_t got = tiled ? TIFFReadEncodedTile(file.get(), index, block.data(), wanted)
                             : TIFFReadEncodedStrip(file.get(), index, block.data(), wanted);
  file.Check(got >= 0);
  if (got != wanted) {
    throw Error("the TIFF holds fewer bytes of pixels than its size needs");
  }
  if (file.jpeg_warned()) {
    throw Error("the TIFF's JPEG data are damaged");
  }
}

// The page's values, in the processor's byte order, a pixel's channels side by side.
void ReadPixels(TiffFile& file, const Info& info, int channels, std::uint8_t* pixels) {
  const Blocks blocks = BlocksOf(file.get(), info);
  const RowCopy copy(file, info, channels);
  std::vector<std::uint8_t> block(copy.pixel_bytes() * blocks.width * blocks.height);
  const std::size_t to_pixel = info.bits / 8u * static_cast<std::size_t>(channels);
  const std::size_t from_row = copy.pixel_bytes() * blocks.width;
  std::uint32_t index = 0;
  for (std::uint64_t y0 = 0; y0 < info.height; y0 += blocks.height) {
    const std::size_t rows = std::min<std::uint64_t>(blocks.height, info.height - y0);
    for (std::uint64_t x0 = 0; x0 < info.width; x0 += blocks.width) {
      ReadBlock(file, index++, blocks.tiled, block,
                from_row * (blocks.tiled ? blocks.height : rows));
      const std::size_t columns = std::min<std::uint64_t>(blocks.width, info.width - x0);
      for (std::size_t y = 0; y < rows; ++y) {
        copy(block.data() + y * from_row, columns,
             pixels + ((y0 + y) * info.width + x0) * to_pixel);
      }
    }
  }
}

}  // namespace

FrameBuffer DecodeTiff(Bytes bytes, const ReadOptions& options) {
  CheckTags(bytes);
  TiffFile file(bytes);
  const Info info = ReadInfo(file.get());
  const StoredType stored = TypeOf(info);
  const int channels = ChannelsOf(info);
  CheckCompression(info);
  CheckSize(info.width, info.height, options);
  const FrameShape shape{static_cast<int>(info.width), static_cast<int>(info.height), channels};
  const std::optional<double> nodata = channels == 1 ? NoDataOf(file.get()) : std::nullopt;
  const std::optional<SampleType> same = SameSampleType(stored);
  if (same && !nodata) {
    FrameBuffer frame(*same, shape.width, shape.height, channels);
    ReadPixels(file, info, channels, frame.As<std::uint8_t>());
    return frame;
  }
  std::vector<std::uint8_t> values(static_cast<std::size_t>(stored.bytes) * info.width *
                                   info.height * static_cast<std::size_t>(channels));
  ReadPixels(file, info, channels, values.data());
  return FrameOfSamples(values, stored, shape, options, nodata);
}

std::vector<std::uint8_t> TiffBytes(const ConstFrame& frame) {
  const PictureRows picture(frame);
  CheckPicture(picture, "TIFF", {SampleType::kUint8, SampleType::kUint16, SampleType::kFloat32});
  TiffFile file;
  TIFF* const tiff = file.get();
  const bool floats = picture.type() == SampleType::kFloat32;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(picture.width()));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(picture.height()));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * SampleBytes(picture.type())));
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, picture.channels());
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
               picture.channels() == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
  TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
  std::vector<std::uint8_t> row(picture.row_bytes());
  for (int y = 0; y < picture.height(); ++y) {
    std::memcpy(row.data(), picture.Row(y), row.size());  // libtiff alters what it writes
    file.Check(TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y)) == 1);
  }
  file.Check(TIFFFlush(tiff) == 1);
  return file.TakeBytes();
}

}  // namespace dkn
