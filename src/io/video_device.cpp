#include "src/io/video_device.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/io/image_codecs.h"
#include "src/io/video_format.h"

namespace dkn {
namespace {

constexpr unsigned kVideoMajor = 81;  // Documentation/admin-guide/devices.txt of the kernel
constexpr std::uint32_t kBuffers = 4;
constexpr int kPatienceMs = 5000;
constexpr int kMostFailures = 100;  // one after the other

bool Suits(const VideoFormat& format, VideoDevice::Role role) {
  return role == VideoDevice::Role::kGuide ? format.guide : format.target;
}

class SystemCalls : public VideoCalls {
 public:
  bool IsDevice(const std::string& path) override {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISCHR(status.st_mode) &&
           major(status.st_rdev) == kVideoMajor;
  }
  int Open(const std::string& path) override {
    return open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  }
  void Close(int file) override { close(file); }
  int Control(int file, unsigned long request, void* argument) override {
    return ioctl(file, request, argument);
  }
  void* Map(int file, std::size_t length, std::int64_t offset) override {
    void* const memory =
        mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, static_cast<off_t>(offset));
    return memory == MAP_FAILED ? nullptr : memory;
  }
  void Unmap(void* memory, std::size_t length) override { munmap(memory, length); }
  int Wait(int file, int wake, int milliseconds) override {
    std::array<pollfd, 2> polled = {{{file, POLLIN, 0}, {wake, POLLIN, 0}}};
    const int ready = poll(polled.data(), polled.size(), milliseconds);
    return ready < 0 && errno == EINTR ? 0 : std::min(ready, 1);
  }
};

}  // namespace

VideoCalls& SystemVideoCalls() {
  static SystemCalls calls;
  return calls;
}

VideoDevice::VideoDevice(const std::string& path, Role role, const std::optional<RawStream>& wanted,
                         VideoCalls& calls)
    : path_(path), calls_(calls) {
  try {
    Open();
    ChooseFormat(role, wanted);
    MapBuffers();
  } catch (...) {
    Release();
    throw;
  }
}

VideoDevice::~VideoDevice() {
  Release();
}

void VideoDevice::Fail(const std::string& what) const {
  throw Error(path_ + ": " + what + ": " + std::strerror(errno));
}

int VideoDevice::Control(unsigned long request, void* argument) {
  int done = 0;
  do {
    done = calls_.Control(file_, request, argument);
  } while (done < 0 && errno == EINTR);
  return done;
}

void VideoDevice::Open() {
  file_ = calls_.Open(path_);
  if (file_ < 0) {
    Fail("cannot be opened");
  }
  v4l2_capability told{};
  if (Control(VIDIOC_QUERYCAP, &told) < 0) {
    Fail("is no camera");
  }
  const bool own = (told.capabilities & V4L2_CAP_DEVICE_CAPS) != 0;
  const std::uint32_t able = own ? told.device_caps : told.capabilities;
  if ((able & V4L2_CAP_VIDEO_CAPTURE) == 0 || (able & V4L2_CAP_STREAMING) == 0) {
    throw Error(path_ + ": gives no frames by streaming in one plane; `v4l2-ctl --list-devices` " +
                "tells which device of a camera does");
  }
}

// Asks for the format and, where it is told, the size; false where the camera chooses another one.
bool VideoDevice::SetFormat(std::uint32_t code, const std::optional<PixelSize>& size) {
  v4l2_format format{};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (Control(VIDIOC_G_FMT, &format) < 0) {
    Fail("tells no format");
  }
  v4l2_pix_format& pix = format.fmt.pix;
  const auto is_wanted = [&] {
    return pix.pixelformat == code &&
           (!size || (pix.width == static_cast<std::uint32_t>(size->width) &&
                      pix.height == static_cast<std::uint32_t>(size->height)));
  };
  if (!is_wanted()) {
    pix.pixelformat = code;
    pix.field = V4L2_FIELD_NONE;
    pix.bytesperline = 0;
    if (size) {
      pix.width = static_cast<std::uint32_t>(size->width);
      pix.height = static_cast<std::uint32_t>(size->height);
    }
    if (Control(VIDIOC_S_FMT, &format) < 0 && errno == EBUSY) {
      Fail("another program has it");
    }
    if (!is_wanted()) {
      return false;
    }
  }
  const VideoFormat& known = *FindVideoFormat(code);
  const std::string text =
      std::to_string(pix.width) + "x" + std::to_string(pix.height) + "," + known.name;
  stream_ = *ParseRawFormat("1x1:" + text).guide;  // checks the size
  jpeg_ = code == V4L2_PIX_FMT_MJPEG || code == V4L2_PIX_FMT_JPEG;
  row_bytes_ = pix.bytesperline;
  return true;
}

void VideoDevice::ChooseFormat(Role role, const std::optional<RawStream>& wanted) {
  v4l2_format now{};
  now.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (Control(VIDIOC_G_FMT, &now) < 0) {
    Fail("tells no format");
  }
  std::vector<std::uint32_t> offered;
  std::string names;
  for (std::uint32_t index = 0; index < 256; ++index) {
    v4l2_fmtdesc row{};
    row.index = index;
    row.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (Control(VIDIOC_ENUM_FMT, &row) < 0) {
      break;
    }
    offered.push_back(row.pixelformat);
    names += (names.empty() ? "" : ", ") + VideoCodeText(row.pixelformat);
  }
  const std::optional<PixelSize> size = wanted ? std::optional(wanted->size) : std::nullopt;
  const auto fits = [&](std::uint32_t code) {
    const VideoFormat* const row = FindVideoFormat(code);
    return row != nullptr && Suits(*row, role) &&
           (!wanted || !wanted->told || std::string(row->name) == wanted->pixel.name);
  };
  if (fits(now.fmt.pix.pixelformat) && SetFormat(now.fmt.pix.pixelformat, size)) {
    return;
  }
  for (const VideoFormat& row : VideoFormats()) {
    const bool has = std::find(offered.begin(), offered.end(), row.code) != offered.end();
    if (has && fits(row.code) && SetFormat(row.code, size)) {
      return;
    }
  }
  throw Error(path_ + ": gives no " + (wanted ? wanted->Text() + " " : "") +
              (role == Role::kGuide ? "picture" : "depth of 16 bits") + " that is read; it is " +
              std::to_string(now.fmt.pix.width) + "x" + std::to_string(now.fmt.pix.height) + " " +
              VideoCodeText(now.fmt.pix.pixelformat) + " and offers " + names);
}

void VideoDevice::MapBuffers() {
  v4l2_requestbuffers asked{};
  asked.count = kBuffers;
  asked.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  asked.memory = V4L2_MEMORY_MMAP;
  if (Control(VIDIOC_REQBUFS, &asked) < 0) {
    Fail(errno == EBUSY ? "another program has it" : "shares no memory");
  }
  for (std::uint32_t index = 0; index < asked.count; ++index) {
    v4l2_buffer told{};
    told.index = index;
    told.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    told.memory = V4L2_MEMORY_MMAP;
    if (Control(VIDIOC_QUERYBUF, &told) < 0) {
      Fail("shares no memory");
    }
    void* const memory = calls_.Map(file_, told.length, told.m.offset);
    if (memory == nullptr) {
      Fail("shares no memory");
    }
    buffers_.push_back({memory, told.length});
    Enqueue(index);
  }
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (buffers_.empty() || Control(VIDIOC_STREAMON, &type) < 0) {
    Fail("does not begin to stream");
  }
}

void VideoDevice::Release() {
  if (file_ < 0) {
    return;
  }
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  Control(VIDIOC_STREAMOFF, &type);
  for (const Buffer& buffer : buffers_) {
    calls_.Unmap(buffer.memory, buffer.length);
  }
  buffers_.clear();
  calls_.Close(std::exchange(file_, -1));
}

void VideoDevice::Enqueue(std::uint32_t index) {
  v4l2_buffer buffer{};
  buffer.index = index;
  buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  buffer.memory = V4L2_MEMORY_MMAP;
  if (Control(VIDIOC_QBUF, &buffer) < 0) {
    Fail("takes no memory back");
  }
}

bool VideoDevice::CopyFrame(const Buffer& buffer, std::size_t used,
                            std::vector<std::uint8_t>& frame) {
  const auto* from = static_cast<const std::uint8_t*>(buffer.memory);
  if (jpeg_) {
    frame.assign(from, from + used);
    return used > 0;
  }
  const std::size_t gapless = VideoPlanes(stream_, 0)[0].row_bytes;
  std::size_t needed = 0;
  const std::vector<VideoPlane> planes = VideoPlanes(stream_, std::max(row_bytes_, gapless));
  for (const VideoPlane& plane : planes) {
    needed += plane.stride * plane.rows;
  }
  needed -= planes.back().stride - planes.back().row_bytes;  // the last row may have no gap
  if (used < needed) {
    return false;
  }
  frame.clear();
  for (const VideoPlane& plane : planes) {
    for (std::size_t row = 0; row < plane.rows; ++row) {
      const std::uint8_t* const first = from + row * plane.stride;
      frame.insert(frame.end(), first, first + plane.row_bytes);
    }
    from += plane.rows * plane.stride;
  }
  return true;
}

// Copies the oldest frame, if there is one, and gives its memory back.
bool VideoDevice::TakeOne(std::vector<std::uint8_t>& frame) {
  v4l2_buffer taken{};
  taken.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  taken.memory = V4L2_MEMORY_MMAP;
  if (Control(VIDIOC_DQBUF, &taken) < 0) {
    if (errno == EAGAIN || (errno == EIO && ++failures_ < kMostFailures)) {  // EIO: one was lost
      return false;
    }
    Fail("has gone");
  }
  failures_ = 0;
  if (taken.index >= buffers_.size()) {
    throw Error(path_ + ": gives memory that it did not share");
  }
  const Buffer& buffer = buffers_[taken.index];
  const bool whole =
      (taken.flags & V4L2_BUF_FLAG_ERROR) == 0 &&
      CopyFrame(buffer, std::min<std::size_t>(taken.bytesused, buffer.length), frame);
  if (!whole) {
    frame.clear();
    ++lost_;
  }
  Enqueue(taken.index);
  return true;
}

// Into the processor's order and R,G,B; a damaged JPEG is lost.
bool VideoDevice::Decode(std::vector<std::uint8_t>& frame) {
  if (!jpeg_) {
    ToProcessor(stream_, frame, memory_);
    return true;
  }
  try {
    const FrameBuffer picture = DecodeJpeg(frame, ReadOptions());
    if (picture.width() == stream_.size.width && picture.height() == stream_.size.height &&
        picture.channels() == 3) {
      frame.assign(picture.As<std::uint8_t>(), picture.As<std::uint8_t>() + picture.bytes());
      return true;
    }
  } catch (const Error&) {  // counted as lost below
  }
  ++lost_;
  return false;
}

bool VideoDevice::Next(std::vector<std::uint8_t>& frame, int wake, Waiting waiting) {
  std::vector<std::uint8_t> newest;
  for (;;) {
    while (TakeOne(frame)) {
      if (!frame.empty()) {
        lost_ += newest.empty() ? 0 : 1;
        std::swap(newest, frame);
      }
    }
    if (!newest.empty() && Decode(newest)) {
      std::swap(frame, newest);
      return true;
    }
    newest.clear();
    if (waiting == Waiting::kNot) {
      return false;
    }
    const int ready = calls_.Wait(file_, wake, kPatienceMs);
    if (ready < 0) {
      Fail("cannot be waited for");
    }
    if (ready == 0) {
      throw Error(path_ + ": gave no frame for " + std::to_string(kPatienceMs / 1000) + " s");
    }
    pollfd woken{wake, POLLIN, 0};
    if (wake >= 0 && poll(&woken, 1, 0) > 0) {
      return false;
    }
  }
}

}  // namespace dkn
