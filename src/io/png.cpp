#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/io/image_codecs.h"
#include "src/io/long_jump.h"
#include "src/io/packed_depth.h"
#include "src/io/picture_rows.h"
#include "src/io/size_limit.h"
#include "src/io/stored_samples.h"

namespace dkn {
namespace {

constexpr char kFormat[] = "PNG";

static_assert(std::endian::native == std::endian::little, "png_set_swap gives the native order");

// What is wrong with a header stands in a warning; the error only says that something is.
void OnWarning(png_structp png, png_const_charp text) {
  auto& jump = *static_cast<LongJump*>(png_get_error_ptr(png));
  std::snprintf(jump.text, sizeof(jump.text), "%s: ", text);
}

[[noreturn]] void OnError(png_structp png, png_const_charp text) {
  auto& jump = *static_cast<LongJump*>(png_get_error_ptr(png));
  const std::size_t used = std::strlen(jump.text);
  std::snprintf(jump.text + used, sizeof(jump.text) - used, "%s", text);
  std::longjmp(jump.place, 1);
}

void ReadBytes(png_structp png, png_bytep to, png_size_t size) {
  auto& left = *static_cast<Bytes*>(png_get_io_ptr(png));
  if (size > left.size()) {
    png_error(png, "the file is truncated");
  }
  std::memcpy(to, left.data(), size);
  left = left.subspan(size);
}

void WriteBytes(png_structp png, png_bytep from, png_size_t size) {
  auto& bytes = *static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(png));
  if (!AppendBytes(from, size, bytes)) {
    static_cast<LongJump*>(png_get_error_ptr(png))->no_memory = true;
    png_error(png, "no memory for the file");
  }
}

struct Reader {
  LongJump jump;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &jump, OnError, OnWarning);
  png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;

  Reader() {
    if (info == nullptr) {
      png_destroy_read_struct(&png, nullptr, nullptr);
      throw MemoryError("no memory to read a PNG");
    }
  }
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
};

struct Writer {
  LongJump jump;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &jump, OnError, OnWarning);
  png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;

  Writer() {
    if (info == nullptr) {
      png_destroy_write_struct(&png, nullptr);
      throw MemoryError("no memory to write a PNG");
    }
  }
  ~Writer() { png_destroy_write_struct(&png, &info); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
};

// Up to the first byte of pixels. The limits on a chunk's memory are libpng's own; its limit on
// sides, of a million, gives way to that of the options.
void ReadHeader(png_structp png, png_infop info, Bytes* left) {
  png_set_read_fn(png, left, ReadBytes);
  png_set_user_limits(png, INT_MAX, INT_MAX);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // No text, profile or time is kept, nor inflated, which for a small file could take gigabytes.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, info);
}

// What is not 8 or 16 bits of grey or R,G,B becomes it; alpha is kept where `keep_alpha` says so.
void ExpandPixels(png_structp png, png_infop info, bool keep_alpha) {
  if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) {
    png_set_palette_to_rgb(png);
  } else if (png_get_bit_depth(png, info) < 8) {
    png_set_expand_gray_1_2_4_to_8(png);
  }
  if (!keep_alpha) {
    png_set_strip_alpha(png);
  }
  png_set_swap(png);
}

// The pixels of a file whose header is read, in what has been asked to be made of them.
FrameBuffer ReadPixels(Reader& reader) {
  png_structp png = reader.png;
  png_infop info = reader.info;
  int passes = 1;
  CatchLongJump(reader.jump, kFormat, [&] {
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
  });
  const std::size_t height = png_get_image_height(png, info);
  FrameBuffer frame(png_get_bit_depth(png, info) == 16 ? SampleType::kUint16 : SampleType::kUint8,
                    static_cast<int>(png_get_image_width(png, info)), static_cast<int>(height),
                    png_get_channels(png, info));
  const std::size_t row_bytes = frame.bytes() / height;
  if (png_get_rowbytes(png, info) != row_bytes) {
    throw Error("the PNG library gives rows of another size than expected");
  }
  auto* const pixels = frame.As<std::uint8_t>();
  CatchLongJump(reader.jump, kFormat, [&] {
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t y = 0; y < height; ++y) {
        png_read_row(png, pixels + y * row_bytes, nullptr);
      }
    }
    png_read_end(png, nullptr);
  });
  return frame;
}

// Of grey and alpha of 8 bits: grey, unless alpha is as no picture's, of three values or more and
// nowhere opaque. Then some program has put 16 bits of depth into both, the low ones into grey.
FrameBuffer WithoutAlpha(const FrameBuffer& both, const ReadOptions& options) {
  const auto* const bytes = both.As<std::uint8_t>();
  const std::size_t count = both.bytes() / 2;
  std::array<bool, 256> seen{};
  for (std::size_t i = 0; i < count; ++i) {
    seen[bytes[2 * i + 1]] = true;
  }
  const bool deep = !seen[255] && std::count(seen.begin(), seen.end(), true) > 2;
  FrameBuffer frame(deep ? SampleType::kUint16 : SampleType::kUint8, both.width(), both.height());
  for (std::size_t i = 0; i < count; ++i) {
    if (deep) {
      frame.As<std::uint16_t>()[i] =
          static_cast<std::uint16_t>(bytes[2 * i] + 256 * bytes[2 * i + 1]);
    } else {
      frame.As<std::uint8_t>()[i] = bytes[2 * i];
    }
  }
  if (deep) {
    AddNote(options,
            "its grey and its alpha, which is nowhere opaque, are read as the low and the "
            "high byte of 16 bits");
  }
  return frame;
}

}  // namespace

FrameBuffer DecodePng(Bytes bytes, const ReadOptions& options) {
  Reader reader;
  Bytes left = bytes;
  png_structp png = reader.png;
  png_infop info = reader.info;
  CatchLongJump(reader.jump, kFormat, [&] { ReadHeader(png, info, &left); });
  CheckSize(png_get_image_width(png, info), png_get_image_height(png, info), options);

  const bool two_bytes = !options.guide && png_get_bit_depth(png, info) == 8 &&
                         png_get_color_type(png, info) == PNG_COLOR_TYPE_GRAY_ALPHA;
  const bool packed =
      !options.guide && !options.packed.empty() && ParsePacking(options.packed).Channels() == 4;
  CatchLongJump(reader.jump, kFormat, [&] { ExpandPixels(png, info, two_bytes || packed); });
  FrameBuffer frame = ReadPixels(reader);
  return two_bytes ? WithoutAlpha(frame, options) : std::move(frame);
}

FrameBuffer DecodePngLabels(Bytes bytes, const ReadOptions& options) {
  Reader reader;
  Bytes left = bytes;
  CatchLongJump(reader.jump, kFormat, [&] { ReadHeader(reader.png, reader.info, &left); });
  CheckSize(png_get_image_width(reader.png, reader.info),
            png_get_image_height(reader.png, reader.info), options);
  const int kind = png_get_color_type(reader.png, reader.info);
  if (kind != PNG_COLOR_TYPE_PALETTE && kind != PNG_COLOR_TYPE_GRAY) {
    throw Error(std::string("is a picture in ") +
                (kind == PNG_COLOR_TYPE_GRAY_ALPHA ? "grey and alpha" : "colour") +
                ", expected labels: a palette's indices, or grey");
  }
  CatchLongJump(reader.jump, kFormat, [&] {
    png_set_packing(reader.png);  // fewer than 8 bits, of which grey is not stretched
    png_set_swap(reader.png);
  });
  return ReadPixels(reader);
}

std::vector<std::uint8_t> PngBytes(const ConstFrame& frame, int compression_level) {
  const PictureRows picture(frame);
  CheckPicture(picture, kFormat, {SampleType::kUint8, SampleType::kUint16});
  if (compression_level < 1 || compression_level > 9) {
    throw Error("a PNG's compression is " + std::to_string(compression_level) +
                ", expected 1 to 9");
  }
  std::vector<std::uint8_t> bytes;
  Writer writer;
  png_structp png = writer.png;
  CatchLongJump(writer.jump, kFormat, [&] {
    png_set_write_fn(png, &bytes, WriteBytes, nullptr);
    png_set_user_limits(png, INT_MAX, INT_MAX);
    png_set_compression_level(png, compression_level);
    // At level 1 no row is tried with several filters, and only runs are sought.
    png_set_filter(png, PNG_FILTER_TYPE_BASE,
                   compression_level == 1 ? PNG_FILTER_SUB : PNG_ALL_FILTERS);
    png_set_compression_strategy(png, compression_level == 1 ? Z_RLE : Z_FILTERED);
    png_set_IHDR(png, writer.info, static_cast<png_uint_32>(picture.width()),
                 static_cast<png_uint_32>(picture.height()),
                 static_cast<int>(8 * SampleBytes(picture.type())),
                 picture.channels() == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, writer.info);
    png_set_swap(png);
    for (int y = 0; y < picture.height(); ++y) {
      png_write_row(png, picture.Row(y));
    }
    png_write_end(png, writer.info);
  });
  return bytes;
}

}  // namespace dkn
