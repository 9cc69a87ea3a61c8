#ifndef DKN_SRC_IO_VIDEO_DEVICE_H_
#define DKN_SRC_IO_VIDEO_DEVICE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/io/pixel_size.h"
#include "src/io/raw_format.h"

// Cameras of Video4Linux2, the kernel's interface: linux/videodev2.h.
namespace dkn {

// The system calls that a camera is worked by, for tests to stand in for one. As those of the
// system, they give -1 (Map null) and set errno on failure.
class VideoCalls {
 public:
  virtual ~VideoCalls() = default;
  // Whether the name is that of a camera: /dev/video0 and up, or a link to it as in /dev/v4l.
  virtual bool IsDevice(const std::string& path) = 0;
  virtual int Open(const std::string& path) = 0;  // for reading and writing, without waiting
  virtual void Close(int file) = 0;
  virtual int Control(int file, unsigned long request, void* argument) = 0;  // ioctl
  virtual void* Map(int file, std::size_t length, std::int64_t offset) = 0;  // shared
  virtual void Unmap(void* memory, std::size_t length) = 0;
  // Waits until the camera has a frame or an error, or `wake` has a byte: 1; 0 after the time.
  virtual int Wait(int file, int wake, int milliseconds) = 0;
};
VideoCalls& SystemVideoCalls();

// A camera that gives frames into memory that it shares with the program.
class VideoDevice {
 public:
  enum class Role { kGuide, kTarget };

  // Takes what `wanted` tells, if it is told; else what the camera is set to, where its pixels suit
  // the role, or the first of its formats that do: of guides luma and chroma, R,G,B, grey and
  // Motion-JPEG, of targets 16 bits (Z16, Y16). Begins to stream. Throws Error, naming the device,
  // where it cannot be opened, is no camera that streams, is busy, or cannot give such frames (with
  // what it has instead).
  VideoDevice(const std::string& path, Role role, const std::optional<RawStream>& wanted,
              VideoCalls& calls);
  VideoDevice(const VideoDevice&) = delete;
  VideoDevice& operator=(const VideoDevice&) = delete;
  ~VideoDevice();

  // What frames are; of Motion-JPEG R,G,B of 8 bits.
  const RawStream& stream() const { return stream_; }
  bool is_jpeg() const { return jpeg_; }
  // Frames that the camera gave and nobody took, and damaged ones.
  std::int64_t lost() const { return lost_; }

  enum class Waiting { kForFrame, kNot };
  // The newest whole frame, in the processor's order and as R,G,B (RawStream::FrameIn); older ones
  // are lost. False where there is none yet, and after a byte in the pipe `wake`. Throws Error
  // where the camera has gone, or gives nothing for five seconds.
  bool Next(std::vector<std::uint8_t>& frame, int wake, Waiting waiting);

 private:
  struct Buffer {
    void* memory = nullptr;
    std::size_t length = 0;
  };

  void Open();
  void ChooseFormat(Role role, const std::optional<RawStream>& wanted);
  bool SetFormat(std::uint32_t code, const std::optional<PixelSize>& size);
  void MapBuffers();
  void Release();
  bool TakeOne(std::vector<std::uint8_t>& frame);
  bool Decode(std::vector<std::uint8_t>& frame);
  bool CopyFrame(const Buffer& buffer, std::size_t used, std::vector<std::uint8_t>& frame);
  void Enqueue(std::uint32_t index);
  int Control(unsigned long request, void* argument);
  [[noreturn]] void Fail(const std::string& what) const;  // with errno's text

  const std::string path_;
  VideoCalls& calls_;
  int file_ = -1;
  RawStream stream_;
  bool jpeg_ = false;
  std::size_t row_bytes_ = 0;  // from one row of the camera's first plane to the next
  std::vector<Buffer> buffers_;
  std::vector<std::uint8_t> memory_;  // of ToProcessor
  std::int64_t lost_ = 0;
  int failures_ = 0;  // one after the other
};

}  // namespace dkn

#endif  // DKN_SRC_IO_VIDEO_DEVICE_H_
