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
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/io/image_codecs.h"
#include "src/io/orientation.h"
#include "src/io/picture_rows.h"
#include "src/io/size_limit.h"
#include "src/io/stored_samples.h"
#include "src/io/tiff_info.h"
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

// The strips or tiles that a page is made of.
struct Blocks {
  bool tiled = false;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

Blocks BlocksOf(TIFF* tiff, const TiffInfo& info) {
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

// Copies `count` pixels of a row: as they are, without their last sample, by their colours, or one
// channel of several.
class RowCopy {
 public:
  RowCopy(TiffFile& file, const TiffInfo& info, int channels)
      : bits_(info.bits),
        sample_(std::max(info.bits / 8u, 1u)),
        samples_(info.apart() ? 1 : info.samples),
        to_(sample_ * static_cast<std::size_t>(channels)),
        copied_(info.apart() ? sample_ : to_) {
    if (info.palette()) {
      const bool known = TIFFGetField(file.get(), TIFFTAG_COLORMAP, &map_[0], &map_[1], &map_[2]);
      file.Check(known);
      // The map's values have 16 bits, but some programs write 8.
      shift_ = std::any_of(std::begin(map_), std::end(map_),
                           [this](const std::uint16_t* values) {
                             return std::any_of(values, values + (1u << bits_),
                                                [](std::uint16_t value) { return value > 255; });
                           })
                   ? 8
                   : 0;
    }
  }

  std::size_t RowBytes(std::size_t pixels) const { return (pixels * samples_ * bits_ + 7) / 8; }
  // Bytes of a pixel that is read.
  std::size_t pixel_bytes() const { return to_; }
  std::size_t sample_bytes() const { return sample_; }

  void operator()(const std::uint8_t* from, std::size_t count, std::uint8_t* to) const {
    if (map_[0] != nullptr || bits_ < 8) {
      for (std::size_t x = 0; x < count; ++x) {
        CopyIndex(ValueAt(from, x), to + x * to_);
      }
      return;
    }
    const std::size_t step = sample_ * samples_;
    if (step == to_) {
      std::memcpy(to, from, count * step);
      return;
    }
    for (; count > 0; --count, from += step, to += to_) {
      std::memcpy(to, from, copied_);
    }
  }

 private:
  // Of one sample of 8 bits or less for each pixel; the first stands in the high bits.
  unsigned ValueAt(const std::uint8_t* row, std::size_t x) const {
    const std::size_t bit = x * bits_;
    return row[bit / 8] >> (8 - bits_ - bit % 8) & ((1u << bits_) - 1);
  }
  // Grey of fewer bits is stretched.
  void CopyIndex(unsigned value, std::uint8_t* to) const {
    if (map_[0] == nullptr) {
      to[0] = static_cast<std::uint8_t>(value * 255 / ((1u << bits_) - 1));
      return;
    }
    for (int c = 0; c < 3; ++c) {
      to[c] = static_cast<std::uint8_t>(map_[c][value] >> shift_);
    }
  }

  std::size_t bits_;     // of a sample in the file
  std::size_t sample_;   // bytes of one that is read
  std::size_t samples_;  // side by side
  std::size_t to_;
  std::size_t copied_;  // bytes of each pixel
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

// The page's values, in the processor's byte order, a pixel's channels side by side, 0 of them
// black.
void ReadPixels(TiffFile& file, const TiffInfo& info, int channels, std::uint8_t* pixels) {
  const Blocks blocks = BlocksOf(file.get(), info);
  const RowCopy copy(file, info, channels);
  const std::size_t from_row = copy.RowBytes(blocks.width);
  std::vector<std::uint8_t> block(from_row * blocks.height);
  std::uint32_t index = 0;
  for (int plane = 0; plane < (info.apart() ? channels : 1); ++plane) {
    std::uint8_t* const first = pixels + static_cast<std::size_t>(plane) * copy.sample_bytes();
    for (std::uint64_t y0 = 0; y0 < info.height; y0 += blocks.height) {
      const std::size_t rows = std::min<std::uint64_t>(blocks.height, info.height - y0);
      for (std::uint64_t x0 = 0; x0 < info.width; x0 += blocks.width) {
        ReadBlock(file, index++, blocks.tiled, block,
                  from_row * (blocks.tiled ? blocks.height : rows));
        const std::size_t columns = std::min<std::uint64_t>(blocks.width, info.width - x0);
        for (std::size_t y = 0; y < rows; ++y) {
          copy(block.data() + y * from_row, columns,
               first + ((y0 + y) * info.width + x0) * copy.pixel_bytes());
        }
      }
    }
  }
  if (info.white_is_0()) {
    const std::size_t bytes = copy.pixel_bytes() * info.width * info.height;
    std::transform(pixels, pixels + bytes, pixels,
                   [](std::uint8_t byte) { return static_cast<std::uint8_t>(~byte); });
  }
}

// Bands are as many bytes as the pixels of a larger picture.
void CheckBands(const TiffInfo& info, int channels, const ReadOptions& options) {
  constexpr std::int64_t kOfPicture = 4;
  CheckSize(info.width, info.height, options);
  const std::int64_t pixels = std::int64_t{info.width} * info.height;
  if (channels > kOfPicture * options.max_pixels / pixels) {
    throw Error("the TIFF has " + std::to_string(pixels) + " pixels of " +
                std::to_string(channels) + " channels, expected at most " +
                std::to_string(kOfPicture * options.max_pixels) + " values");
  }
}

FrameBuffer ReadPage(TiffFile& file, const TiffInfo& info, int channels,
                     const ReadOptions& options) {
  const StoredType stored = TiffSampleType(info);
  const FrameShape shape{static_cast<int>(info.width), static_cast<int>(info.height), channels};
  // Of bands that are integers nobody would know a hole by 0.
  const bool marked =
      !info.white_is_0() && (channels == 1 || (info.grey() && stored.kind == StoredType::kFloat));
  const std::optional<double> nodata = marked ? NoDataOf(file.get()) : std::nullopt;
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

}  // namespace

FrameBuffer DecodeTiff(Bytes bytes, const ReadOptions& options) {
  CheckTags(bytes);
  TiffFile file(bytes);
  const TiffInfo info = ReadTiffInfo(file.get());
  TiffSampleType(info);  // throws
  const int channels = TiffChannels(info, options);
  CheckTiffCompression(info);
  CheckBands(info, channels, options);
  if (info.white_is_0()) {
    AddNote(options, "its white is stored as 0: its values are turned around, as programs show it");
  }
  FrameBuffer stored = ReadPage(file, info, channels, options);
  const bool told = 1 <= info.orientation && info.orientation <= 8;
  return Upright(std::move(stored), told ? info.orientation : 1, "orientation (tag 274)", options);
}

std::vector<std::uint8_t> TiffBytes(const ConstFrame& frame) {
  const PictureRows picture(frame);
  CheckPictureType(picture, "TIFF",
                   {SampleType::kUint8, SampleType::kUint16, SampleType::kFloat32});
  TiffFile file;
  TIFF* const tiff = file.get();
  const bool floats = picture.type() == SampleType::kFloat32;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(picture.width()));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(picture.height()));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * SampleBytes(picture.type())));
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, picture.channels());
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
               picture.channels() == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  if (picture.channels() != 3 && picture.channels() > 1) {  // bands, none of them alpha
    const std::vector<std::uint16_t> kinds(static_cast<std::size_t>(picture.channels()) - 1,
                                           EXTRASAMPLE_UNSPECIFIED);
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, picture.channels() - 1, kinds.data());
  }
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
