#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <new>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/core/bytes.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/io/container.h"
#include "src/io/dpt.h"
#include "src/io/image_files.h"
#include "src/io/npy.h"
#include "src/io/pfm.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

bool BeginsWith(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

int MatDepth(SampleType type) {
  return type == SampleType::kUint8 ? CV_8U : type == SampleType::kUint16 ? CV_16U : CV_32F;
}

// For an image of checked size. A small image may lie in a larger strip, tile or chunk of rows, as
// long as that costs no memory to speak of.
void CheckBlock(const ImageInfo& info) {
  constexpr std::int64_t kFree = std::int64_t{1} << 24;
  const std::int64_t limit = std::max(info.width * info.height, kFree);
  if (info.block_height > 0 && info.block_width > limit / info.block_height) {
    throw Error("the image is stored in strips, tiles or chunks of " +
                std::to_string(info.block_width) + " x " + std::to_string(info.block_height) +
                " pixels, more than the whole image and more than " + std::to_string(kFree));
  }
}

// The formats that OpenCV decodes; `info` is what a check of the same file found. IMREAD_UNCHANGED
// keeps type and alpha, and ignores EXIF orientation. Not imdecode: OpenCV 4.6 cannot decode 8-bit
// tiled TIFF from memory, and copies OpenEXR into a temporary file.
ImageFile DecodeWithOpenCv(const std::string& path, const ImageInfo& info,
                           const ReadOptions& options) {
  CheckSize(info.width, info.height, options);
  CheckBlock(info);
  const cv::Mat mat = cv::imread(path, cv::IMREAD_UNCHANGED);
  if (mat.empty()) {
    throw Error("the file is damaged, or of a kind that OpenCV cannot decode");
  }
  if (mat.cols != info.width || mat.rows != info.height || mat.depth() != MatDepth(info.type) ||
      mat.channels() < info.channels) {
    throw Error("the file is of a kind that OpenCV decodes differently from its header");
  }
  ImageFile file{ImageFromMat(mat), info.type};
  if (info.channels == 1 && file.image.channels() == 3) {
    file.image = Image::Clone(file.image.view().Channel(0));  // grey with alpha comes as B,G,R,A
  }
  return file;
}

ImageFile Decode(const std::string& path, Bytes bytes, const ReadOptions& options) {
  using std::string_view_literals::operator""sv;
  if (BeginsWith(bytes, "\x89PNG\r\n\x1a\n"sv)) {
    return DecodeWithOpenCv(path, CheckPng(bytes), options);
  }
  if (BeginsWith(bytes, "\xFF\xD8\xFF"sv)) {
    return DecodeWithOpenCv(path, CheckJpeg(bytes), options);
  }
  if (BeginsWith(bytes, "II\x2A\0"sv) || BeginsWith(bytes, "MM\0\x2A"sv)) {
    return DecodeWithOpenCv(path, CheckTiff(bytes), options);
  }
  if (BeginsWith(bytes, "\x76\x2F\x31\x01"sv)) {
    return DecodeWithOpenCv(path, CheckExr(bytes), options);
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
  throw Error("unknown format, expected PNG, JPEG, TIFF, OpenEXR, PFM, NPY or DPT");
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

std::vector<std::uint8_t> Encode(const std::string& extension, ConstView image, SampleType type) {
  CheckTypeFits(extension, type);
  if (extension == ".npy") {
    return FormatNpy(image, type);
  }
  if (extension == ".pfm") {
    return FormatPfm(image);
  }
  for (const char* known : {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr"}) {
    if (extension == known) {
      // LZW said aloud: OpenCV 4.6 writes float colour as lossy LogLuv otherwise.
      const std::vector<int> parameters{cv::IMWRITE_TIFF_COMPRESSION, 5};
      std::vector<std::uint8_t> bytes;
      if (!cv::imencode(extension, MatFromImage(image, MatDepth(type)), bytes, parameters)) {
        throw Error("OpenCV cannot encode the image");
      }
      return bytes;
    }
  }
  throw Error(
      "the name's ending tells no format, expected .png, .jpg, .jpeg, .tif, .tiff, .exr, .pfm or "
      ".npy");
}

// InContext of a file, for OpenCV's errors too.
template <typename Work>
auto NamingFile(const std::string& path, const Work& work) {
  return InContext(path, [&] {
    try {
      return work();
    } catch (const cv::Exception& error) {
      throw Error("OpenCV: " + error.err);
    } catch (const std::bad_alloc&) {
      throw MemoryError("no memory for the image");
    }
  });
}

}  // namespace

ImageFile ReadImage(const std::string& path, const ReadOptions& options) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  return NamingFile(path, [&] { return Decode(path, bytes, options); });
}

Image ReadGuide(const std::string& path, const ReadOptions& options) {
  ImageFile file = ReadImage(path, options);
  Image& image = file.image;
  if (image.channels() != 1 && image.channels() != 3) {
    throw Error(path + ": a guide has 1 or 3 channels, this file has " +
                std::to_string(image.channels()));
  }
  const float full = FullScale(file.type);
  for (int c = 0; c < image.channels(); ++c) {
    for (int y = 0; y < image.height(); ++y) {
      float* row = image.Row(y, c);
      for (int x = 0; x < image.width(); ++x) {
        if (!std::isfinite(row[x])) {
          throw Error(path + ": the value at x = " + std::to_string(x) +
                      ", y = " + std::to_string(y) + " is not finite, as a guide's must be");
        }
        row[x] /= full;
      }
    }
  }
  return std::move(image);
}

std::vector<std::uint8_t> ImageFileBytes(const std::string& path, ConstView image,
                                         SampleType type) {
  return NamingFile(path, [&] { return Encode(Extension(path), image, type); });
}

bool HoldsType(const std::string& path, SampleType type) {
  return TypeFits(Extension(path), type);
}

void WriteImage(const std::string& path, ConstView image, SampleType type) {
  WriteFileBytes(path, ImageFileBytes(path, image, type));
}

}  // namespace dkn
