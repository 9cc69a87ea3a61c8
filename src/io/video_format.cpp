#include "src/io/video_format.h"

#include <linux/videodev2.h>

#include <algorithm>

namespace dkn {
namespace {

constexpr VideoFormat kFormats[] = {
    {V4L2_PIX_FMT_Z16, "gray16le", false, true},   {V4L2_PIX_FMT_Y16, "gray16le", true, true},
    {V4L2_PIX_FMT_Y16_BE, "gray16be", true, true}, {V4L2_PIX_FMT_YUYV, "yuyv422", true, false},
    {V4L2_PIX_FMT_UYVY, "uyvy422", true, false},   {V4L2_PIX_FMT_RGB24, "rgb24", true, false},
    {V4L2_PIX_FMT_BGR24, "bgr24", true, false},    {V4L2_PIX_FMT_NV12, "nv12", true, false},
    {V4L2_PIX_FMT_NV21, "nv21", true, false},      {V4L2_PIX_FMT_YUV420, "yuv420p", true, false},
    {V4L2_PIX_FMT_XBGR32, "bgra", true, false},    {V4L2_PIX_FMT_ABGR32, "bgra", true, false},
    {V4L2_PIX_FMT_MJPEG, "rgb24", true, false},    {V4L2_PIX_FMT_JPEG, "rgb24", true, false},
    {V4L2_PIX_FMT_GREY, "gray", true, false},      {V4L2_PIX_FMT_Y12, "gray12le", true, true},
    {V4L2_PIX_FMT_Y10, "gray10le", true, false}};

}  // namespace

std::span<const VideoFormat> VideoFormats() {
  return kFormats;
}

const VideoFormat* FindVideoFormat(std::uint32_t code) {
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                         [&](const VideoFormat& row) { return row.code == code; });
  return found == std::end(kFormats) ? nullptr : found;
}

std::string VideoCodeText(std::uint32_t code) {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    text += static_cast<char>(code >> (8 * i) & 0x7f);
  }
  return text + (code >> 31 != 0 ? "-BE" : "");
}

std::vector<VideoPlane> VideoPlanes(const RawStream& stream, std::size_t stride) {
  const auto width = static_cast<std::size_t>(stream.size.width);
  const auto height = static_cast<std::size_t>(stream.size.height);
  const std::size_t half_rows = (height + 1) / 2;
  const std::size_t half_row = (width + 1) / 2;
  switch (stream.pixel.yuv) {
    case YuvLayout::kNone:
      return {{height, stream.pixel.Bytes() * width, stride}};
    case YuvLayout::kYuyv:
    case YuvLayout::kUyvy:
      return {{height, 4 * half_row, stride}};
    case YuvLayout::kNv12:
    case YuvLayout::kNv21:
      return {{height, width, stride}, {half_rows, 2 * half_row, stride}};
    case YuvLayout::kI420:
      return {{height, width, stride},
              {half_rows, half_row, (stride + 1) / 2},
              {half_rows, half_row, (stride + 1) / 2}};
  }
  return {};
}

}  // namespace dkn
