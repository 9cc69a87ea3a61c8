#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/io/image_codecs.h"
#include "src/io/long_jump.h"
#include "src/io/orientation.h"
#include "src/io/picture_rows.h"
#include "src/io/size_limit.h"

// In this order: each needs what stands before it.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

namespace dkn {
namespace {

constexpr char kFormat[] = "JPEG";

// A progressive picture comes in scans, each of which may cost the time of a whole picture and
// next to no bytes. Encoders make about ten.
constexpr int kMostScans = 500;

struct Errors {
  jpeg_error_mgr manager;  // first: libjpeg knows this address
  LongJump jump;
};

LongJump& JumpOf(j_common_ptr jpeg) {
  return reinterpret_cast<Errors*>(jpeg->err)->jump;
}

[[noreturn]] void OnError(j_common_ptr jpeg) {
  LongJump& jump = JumpOf(jpeg);
  static_assert(sizeof(jump.text) >= JMSG_LENGTH_MAX);
  jpeg->err->format_message(jpeg, jump.text);
  jump.no_memory = jpeg->err->msg_code == JERR_OUT_OF_MEMORY;
  std::longjmp(jump.place, 1);
}

// libjpeg makes up pixels for data that are missing or damaged, grey ones mostly, and warns. Other
// warnings leave the picture whole, for instance of bytes between its parts.
void OnMessage(j_common_ptr jpeg, int level) {
  if (level >= 0) {
    return;
  }
  switch (jpeg->err->msg_code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
      OnError(jpeg);
    default:
      return;
  }
}

void OnProgress(j_common_ptr jpeg) {
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > kMostScans) {
    LongJump& jump = JumpOf(jpeg);
    std::snprintf(jump.text, sizeof(jump.text), "more than %d scans", kMostScans);
    std::longjmp(jump.place, 1);
  }
}

void Prepare(Errors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = OnError;
  errors.manager.emit_message = OnMessage;
}

struct Reader {
  Errors errors;
  jpeg_progress_mgr progress{};
  jpeg_decompress_struct jpeg{};

  Reader() {
    Prepare(errors);
    progress.progress_monitor = OnProgress;
    jpeg.err = &errors.manager;
  }
  ~Reader() { jpeg_destroy_decompress(&jpeg); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
};

struct Writer {
  Errors errors;
  jpeg_compress_struct jpeg{};

  Writer() {
    Prepare(errors);
    jpeg.err = &errors.manager;
  }
  ~Writer() { jpeg_destroy_compress(&jpeg); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
};

// Where a file is put, a block after the other.
struct Destination {
  jpeg_destination_mgr manager{};  // first: libjpeg knows this address
  std::vector<std::uint8_t> bytes;
  JOCTET block[4096];

  Destination() {
    manager.init_destination = [](j_compress_ptr jpeg) { Of(jpeg).Restart(); };
    manager.empty_output_buffer = [](j_compress_ptr jpeg) -> boolean {
      Of(jpeg).Flush(jpeg, sizeof(block));  // the whole block, whatever the manager says of it
      return TRUE;
    };
    manager.term_destination = [](j_compress_ptr jpeg) {
      Of(jpeg).Flush(jpeg, sizeof(block) - Of(jpeg).manager.free_in_buffer);
    };
  }

 private:
  static Destination& Of(j_compress_ptr jpeg) {
    return *reinterpret_cast<Destination*>(jpeg->dest);
  }
  void Restart() {
    manager.next_output_byte = block;
    manager.free_in_buffer = sizeof(block);
  }
  void Flush(j_compress_ptr jpeg, std::size_t size) {
    if (!AppendBytes(block, size, bytes)) {
      ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
    }
    Restart();
  }
};

// Of the first EXIF data that tell one.
int OrientationOf(const jpeg_decompress_struct& jpeg) {
  for (const jpeg_marker_struct* marker = jpeg.marker_list; marker != nullptr;
       marker = marker->next) {
    const int orientation = ExifOrientation({marker->data, marker->data_length});
    if (orientation != 1) {
      return orientation;
    }
  }
  return 1;
}

}  // namespace

FrameBuffer DecodeJpeg(Bytes bytes, const ReadOptions& options) {
  Reader reader;
  jpeg_decompress_struct& jpeg = reader.jpeg;
  CatchLongJump(reader.errors.jump, kFormat, [&] {
    jpeg_create_decompress(&jpeg);
    jpeg.progress = &reader.progress;
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xFFFF);  // EXIF
    jpeg_read_header(&jpeg, TRUE);
  });
  const int orientation = OrientationOf(jpeg);
  const int channels = jpeg.num_components;
  if (channels != 1 && channels != 3) {
    throw Error("the JPEG has " + std::to_string(channels) + " components" +
                (channels == 4 ? ", inks of print (CMYK)" : "") +
                ", expected grey or R,G,B; a painting program or ImageMagick's -colorspace sRGB "
                "converts it");
  }
  CheckSize(jpeg.image_width, jpeg.image_height, options);
  FrameBuffer frame(SampleType::kUint8, static_cast<int>(jpeg.image_width),
                    static_cast<int>(jpeg.image_height), channels);
  const std::size_t row_bytes = frame.bytes() / jpeg.image_height;
  auto* const pixels = frame.As<std::uint8_t>();
  CatchLongJump(reader.errors.jump, kFormat, [&] {
    jpeg.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = pixels + jpeg.output_scanline * row_bytes;
      jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);  // reads to the end of the image, so that it must be there
  });
  return Upright(std::move(frame), orientation, kExifOrientation, options);
}

std::vector<std::uint8_t> JpegBytes(const ConstFrame& frame, int quality) {
  const PictureRows picture(frame);
  CheckPicture(picture, kFormat, {SampleType::kUint8});
  if (quality < 1 || quality > 100) {
    throw Error("a JPEG's quality is " + std::to_string(quality) + ", expected 1 to 100");
  }
  Destination destination;
  Writer writer;
  jpeg_compress_struct& jpeg = writer.jpeg;
  CatchLongJump(writer.errors.jump, kFormat, [&] {
    jpeg_create_compress(&jpeg);
    jpeg.dest = &destination.manager;
    jpeg.image_width = static_cast<JDIMENSION>(picture.width());
    jpeg.image_height = static_cast<JDIMENSION>(picture.height());
    jpeg.input_components = picture.channels();
    jpeg.in_color_space = picture.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
      JSAMPROW row = const_cast<JSAMPROW>(picture.Row(static_cast<int>(jpeg.next_scanline)));
      jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
  });
  return std::move(destination.bytes);
}

}  // namespace dkn
