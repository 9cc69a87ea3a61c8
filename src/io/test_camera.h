#ifndef DKN_SRC_IO_TEST_CAMERA_H_
#define DKN_SRC_IO_TEST_CAMERA_H_

#include <linux/videodev2.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "src/io/video_device.h"

namespace dkn {

// A camera of Video4Linux2 in memory, as the kernel's document on streaming by mmap has it.
struct TestCamera {
  struct Mode {
    std::uint32_t code;
    std::uint32_t width;
    std::uint32_t height;
    std::uint32_t row_bytes;
    std::uint32_t bytes;  // of a frame
  };
  struct Given {
    std::vector<std::uint8_t> bytes;
    std::uint32_t flags = 0;
  };

  std::vector<Mode> modes;  // the first is what it is set to
  std::uint32_t capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  bool busy = false;
  bool gone = false;  // unplugged
  bool fails_to_stream = false;
  std::deque<Given> frames;                      // that it has taken and nobody fetched
  std::function<void(TestCamera&)> when_waited;  // what happens while somebody waits

  bool open = false;
  bool streams = false;
  std::vector<std::vector<std::uint8_t>> buffers;
  std::deque<std::uint32_t> queue;
  int mapped = 0;
};

class TestVideo : public VideoCalls {
 public:
  std::map<std::string, TestCamera> cameras;

  bool IsDevice(const std::string& path) override { return cameras.count(path) > 0; }
  int Open(const std::string& path) override {
    const auto found = cameras.find(path);
    if (found == cameras.end() || found->second.gone) {
      return Fail(ENOENT);
    }
    found->second.open = true;
    opened_.push_back(&found->second);
    return static_cast<int>(opened_.size()) + 999;
  }
  void Close(int file) override { Of(file).open = false; }
  int Control(int file, unsigned long request, void* argument) override {
    TestCamera& camera = Of(file);
    if (camera.gone) {
      return Fail(ENODEV);
    }
    switch (request) {
      case VIDIOC_QUERYCAP:
        static_cast<v4l2_capability*>(argument)->capabilities = camera.capabilities;
        return 0;
      case VIDIOC_ENUM_FMT:
        return Enumerate(camera, *static_cast<v4l2_fmtdesc*>(argument));
      case VIDIOC_G_FMT:
        return Tell(camera.modes[0], *static_cast<v4l2_format*>(argument));
      case VIDIOC_S_FMT:
        return Set(camera, *static_cast<v4l2_format*>(argument));
      case VIDIOC_REQBUFS:
        return Request(camera, *static_cast<v4l2_requestbuffers*>(argument));
      case VIDIOC_QUERYBUF:
        return Query(camera, *static_cast<v4l2_buffer*>(argument));
      case VIDIOC_QBUF:
        camera.queue.push_back(static_cast<v4l2_buffer*>(argument)->index);
        return 0;
      case VIDIOC_DQBUF:
        return Fetch(camera, *static_cast<v4l2_buffer*>(argument));
      case VIDIOC_STREAMON:
        camera.streams = !camera.fails_to_stream;
        return camera.streams ? 0 : Fail(ENOSPC);
      case VIDIOC_STREAMOFF:
        camera.streams = false;
        return 0;
      default:
        return Fail(ENOTTY);
    }
  }
  void* Map(int file, std::size_t length, std::int64_t offset) override {
    TestCamera& camera = Of(file);
    std::vector<std::uint8_t>& buffer = camera.buffers.at(static_cast<std::size_t>(offset));
    ++camera.mapped;
    return length == buffer.size() ? buffer.data() : nullptr;
  }
  void Unmap(void* memory, std::size_t) override {
    for (auto& [path, camera] : cameras) {
      for (const auto& buffer : camera.buffers) {
        camera.mapped -= buffer.data() == memory ? 1 : 0;
      }
    }
  }
  int Wait(int file, int, int) override {
    TestCamera& camera = Of(file);
    if (camera.when_waited) {
      camera.when_waited(camera);
    }
    return !camera.frames.empty() || camera.gone ? 1 : 0;
  }

 private:
  static int Fail(int code) {
    errno = code;
    return -1;
  }
  TestCamera& Of(int file) { return *opened_.at(static_cast<std::size_t>(file - 1000)); }

  static int Enumerate(const TestCamera& camera, v4l2_fmtdesc& row) {
    if (row.index >= camera.modes.size()) {
      return Fail(EINVAL);
    }
    row.pixelformat = camera.modes[row.index].code;
    return 0;
  }
  static int Tell(const TestCamera::Mode& mode, v4l2_format& format) {
    format.fmt.pix.pixelformat = mode.code;
    format.fmt.pix.width = mode.width;
    format.fmt.pix.height = mode.height;
    format.fmt.pix.bytesperline = mode.row_bytes;
    format.fmt.pix.sizeimage = mode.bytes;
    return 0;
  }
  // Takes the mode of this format, of several the one of this size; else it stays as it is, as
  // drivers do.
  static int Set(TestCamera& camera, v4l2_format& format) {
    if (camera.busy) {
      return Fail(EBUSY);
    }
    const v4l2_pix_format& pix = format.fmt.pix;
    auto best = camera.modes.end();
    for (auto mode = camera.modes.begin(); mode != camera.modes.end(); ++mode) {
      const bool same = mode->width == pix.width && mode->height == pix.height;
      if (mode->code == pix.pixelformat && (best == camera.modes.end() || same)) {
        best = mode;
      }
    }
    if (best != camera.modes.end()) {
      std::swap(*best, camera.modes[0]);
    }
    return Tell(camera.modes[0], format);
  }
  static int Request(TestCamera& camera, v4l2_requestbuffers& asked) {
    if (camera.busy) {
      return Fail(EBUSY);
    }
    asked.count = std::min<std::uint32_t>(asked.count, 3);
    camera.buffers.assign(asked.count, std::vector<std::uint8_t>(camera.modes[0].bytes));
    return 0;
  }
  static int Query(const TestCamera& camera, v4l2_buffer& told) {
    told.length = static_cast<std::uint32_t>(camera.buffers.at(told.index).size());
    told.m.offset = told.index;
    return 0;
  }
  static int Fetch(TestCamera& camera, v4l2_buffer& taken) {
    if (camera.frames.empty() || camera.queue.empty()) {
      return Fail(EAGAIN);
    }
    taken.index = camera.queue.front();
    camera.queue.pop_front();
    const TestCamera::Given& given = camera.frames.front();
    std::vector<std::uint8_t>& buffer = camera.buffers[taken.index];
    std::copy_n(given.bytes.begin(), std::min(given.bytes.size(), buffer.size()), buffer.begin());
    taken.bytesused = static_cast<std::uint32_t>(given.bytes.size());
    taken.flags = given.flags;
    camera.frames.pop_front();
    return 0;
  }

  std::vector<TestCamera*> opened_;
};

// Bytes of 16-bit values, little-endian.
inline std::vector<std::uint8_t> Bytes16(const std::vector<std::uint16_t>& values) {
  std::vector<std::uint8_t> bytes(2 * values.size());
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace dkn

#endif  // DKN_SRC_IO_TEST_CAMERA_H_
