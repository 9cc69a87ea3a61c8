#include <algorithm>
#include <cctype>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/bytes.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/io/bmp.h"
#include "src/io/dpt.h"
#include "src/io/image_codecs.h"
#include "src/io/image_files.h"
#include "src/io/named_file.h"
#include "src/io/npy.h"
#include "src/io/npz.h"
#include "src/io/packed_depth.h"
#include "src/io/pfm.h"
#include "src/io/pnm.h"

namespace dkn {
namespace {

bool BeginsWith(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

// " (it is GIF)" of what people try that is not read, else empty.
std::string KnownKind(Bytes bytes) {
  using std::string_view_literals::operator""sv;
  struct Kind {
    std::size_t at;
    std::string_view magic;
    const char* name;
  };
  static constexpr Kind kKinds[] = {{0, "GIF8"sv, "GIF"},
                                    {0, "\0\0\0\x0CjP  "sv, "JPEG 2000"},
                                    {0, "\xFF\x4F\xFF\x51"sv, "JPEG 2000"},
                                    {4, "ftypavif"sv, "AVIF"},
                                    {4, "ftyphei"sv, "HEIC, as phones save it"},
                                    {4, "ftypmif1"sv, "HEIC, as phones save it"},
                                    {4, "ftyp"sv, "a video"},
                                    {0, "\x1A\x45\xDF\xA3"sv, "a video"},
                                    {0, "\xFF\x0A"sv, "JPEG XL"},
                                    {0, "\0\0\0\x0CJXL "sv, "JPEG XL"},
                                    {0, "#?RADIANCE"sv, "Radiance HDR"},
                                    {0, "P7"sv, "PAM"},
                                    {0, "DDS "sv, "DDS"},
                                    {0, "SIMPLE  ="sv, "FITS"},
                                    {0, "\x89HDF"sv, "HDF5, or MATLAB's MAT of version 7.3"},
                                    {0, "MATLAB 5.0"sv, "MATLAB's MAT"},
                                    {0, "ply"sv, "PLY, points without a picture"},
                                    {0, "# .PCD"sv, "PCD, points without a picture"},
                                    {0, "\x80\x04\x95"sv, "a pickle of Python"},
                                    {0, "#ROSBAG"sv, "a ROS bag"},
                                    {0, "%PDF"sv, "PDF"}};
  for (const Kind& kind : kKinds) {
    if (bytes.size() > kind.at && BeginsWith(bytes.subspan(kind.at), kind.magic)) {
      return std::string(" (it is ") + kind.name + ")";
    }
  }
  return "";
}

// Of formats whose files hold one picture.
FrameBuffer DecodeOne(Bytes bytes, const ReadOptions& options) {
  using std::string_view_literals::operator""sv;
  if (BeginsWith(bytes, "\x89PNG\r\n\x1a\n"sv)) {
    return DecodePng(bytes, options);
  }
  if (BeginsWith(bytes, "\xFF\xD8\xFF"sv)) {
    return DecodeJpeg(bytes, options);
  }
  if (BeginsWith(bytes, "II\x2A\0"sv) || BeginsWith(bytes, "MM\0\x2A"sv) ||
      BeginsWith(bytes, "II\x2B\0"sv) || BeginsWith(bytes, "MM\0\x2B"sv)) {
    return DecodeTiff(bytes, options);
  }
  if (BeginsWith(bytes, "PF"sv) || BeginsWith(bytes, "Pf"sv)) {
    return ParsePfm(bytes, options);
  }
  if (BeginsWith(bytes, "\x93NUMPY"sv)) {
    return ParseNpy(bytes, options);
  }
  if (BeginsWith(bytes, "PIEH"sv)) {
    return ParseDpt(bytes, options);
  }
  if (IsPnm(bytes)) {
    return ParsePnm(bytes, options);
  }
  if (BeginsWith(bytes, "BM"sv)) {
    return ParseBmp(bytes, options);
  }
  if (bytes.size() > 12 && BeginsWith(bytes, "RIFF"sv) && BeginsWith(bytes.subspan(8), "WEBP"sv)) {
    return DecodeWebp(bytes, options);
  }
  throw Error("unknown format" + KnownKind(bytes) +
              ", expected PNG, JPEG, TIFF, OpenEXR, PFM, PBM, PGM, PPM, BMP, WebP, NPY, "
              "NPZ or DPT; "
              "frames without a header are read by --raw WIDTHxHEIGHT");
}

FrameBuffer Decode(Bytes bytes, const ReadOptions& options) {
  using std::string_view_literals::operator""sv;
  if (BeginsWith(bytes, "PK\x03\x04"sv)) {
    return ParseNpz(bytes, options);
  }
  if (BeginsWith(bytes, "\x76\x2F\x31\x01"sv)) {
    return DecodeExr(bytes, options);
  }
  if (!options.name.empty()) {
    throw Error("has no '" + options.name + "': of NPZ and OpenEXR alone things are named so");
  }
  return DecodeOne(bytes, options);
}

std::string Extension(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool TypeFits(const std::string& extension, SampleType type) {
  const bool jpeg = extension == ".jpg" || extension == ".jpeg";
  const bool is_float = type == SampleType::kFloat32;
  if (type == SampleType::kFloat16) {
    return extension == ".npy";
  }
  return !((extension == ".png" && is_float) || (jpeg && type != SampleType::kUint8) ||
           ((extension == ".exr" || extension == ".pfm") && !is_float));
}

void CheckTypeFits(const std::string& extension, SampleType type) {
  if (!TypeFits(extension, type)) {
    throw Error("values of type " + SampleTypeName(type) + " do not fit a " + extension + " file");
  }
}

void CheckExtension(const std::string& extension) {
  const char* const kKnown[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".pfm", ".npy"};
  if (std::find(std::begin(kKnown), std::end(kKnown), extension) == std::end(kKnown)) {
    throw Error(
        "the name's ending tells no format, expected .png, .jpg, .jpeg, .tif, .tiff, .exr, .pfm "
        "or .npy");
  }
}

std::vector<std::uint8_t> Encode(const std::string& extension, const ConstFrame& frame,
                                 int png_compression) {
  CheckExtension(extension);
  CheckTypeFits(extension, frame.type);
  if (extension == ".png") {
    return PngBytes(frame, png_compression);
  }
  if (extension == ".jpg" || extension == ".jpeg") {
    return JpegBytes(frame);
  }
  if (extension == ".tif" || extension == ".tiff") {
    return TiffBytes(frame);
  }
  if (extension == ".exr") {
    return ExrBytes(frame);
  }
  return extension == ".npy" ? FormatNpy(frame) : FormatPfm(ImageOf(frame));
}

// InContext of a file, for lack of memory too.
template <typename Work>
auto NamingFile(const std::string& path, const Work& work) {
  return InContext(path, [&] {
    try {
      return work();
    } catch (const std::bad_alloc&) {
      throw MemoryError("no memory for the image");
    }
  });
}

}  // namespace

FrameBuffer ReadFrame(const std::string& path, const ReadOptions& options) {
  ReadOptions named = options;
  const NamedFile file = SplitName(path);
  if (!file.name.empty()) {
    named.name = file.name;
  }
  const std::vector<std::uint8_t> bytes = ReadFileBytes(file.file);
  return NamingFile(path, [&] {
    FrameBuffer frame = Decode(bytes, named);
    return named.packed.empty() || named.guide ? std::move(frame) : Unpack(frame, named.packed);
  });
}

ImageFile ImageFileOf(const FrameBuffer& frame) {
  return {ImageOf(frame), frame.type(), {}};
}

ImageFile ReadImage(const std::string& path, const ReadOptions& options) {
  std::vector<std::string> notes;
  ReadOptions telling = options;
  telling.notes = &notes;
  const FrameBuffer frame = ReadFrame(path, telling);
  if (options.notes != nullptr) {
    options.notes->insert(options.notes->end(), notes.begin(), notes.end());
  }
  ImageFile file = NamingFile(path, [&] { return ImageFileOf(frame); });
  file.notes = std::move(notes);
  return file;
}

Image ReadGuide(const std::string& path, const ReadOptions& options) {
  ReadOptions guide = options;
  guide.guide = true;
  const FrameBuffer frame = ReadFrame(path, guide);
  std::string note;
  Image image = NamingFile(path, [&] { return GuideOf(frame, &note); });
  if (options.notes != nullptr && !note.empty()) {
    options.notes->push_back(std::move(note));
  }
  return image;
}

std::vector<std::uint8_t> ImageFileBytes(const std::string& path, ConstView image,
                                         SampleType type) {
  return NamingFile(path, [&] {
    const std::string extension = Extension(path);
    CheckTypeFits(extension, type);
    return Encode(extension, FrameOf(image, type), kFastPng);
  });
}

bool HoldsType(const std::string& path, SampleType type) {
  return TypeFits(Extension(path), type);
}

std::vector<std::uint8_t> FrameFileBytes(const std::string& path, const ConstFrame& frame,
                                         int png_compression) {
  return NamingFile(path, [&] { return Encode(Extension(path), frame, png_compression); });
}

void CheckImageOutput(const std::string& path) {
  InContext(path, [&] { CheckExtension(Extension(path)); });
  CheckPlaceForFile(path);
}

void WriteFrame(const std::string& path, const ConstFrame& frame) {
  WriteFileBytes(path, FrameFileBytes(path, frame));
}

void WriteImage(const std::string& path, ConstView image, SampleType type) {
  WriteFileBytes(path, ImageFileBytes(path, image, type));
}

}  // namespace dkn
