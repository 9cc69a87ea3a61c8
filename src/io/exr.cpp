#include <ImfChannelList.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfIO.h>
#include <ImfInputFile.h>
#include <ImfOutputFile.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/io/exr_header.h"
#include "src/io/image_codecs.h"
#include "src/io/picture_rows.h"

namespace dkn {
namespace {

constexpr int kNoThreads = 0;  // of OpenEXR's own

class MemoryReader : public Imf::IStream {
 public:
  explicit MemoryReader(Bytes bytes) : IStream("in memory"), bytes_(bytes) {}

  bool read(char to[], int size) override {
    if (size < 0 || position_ > bytes_.size() ||
        static_cast<std::uint64_t>(size) > bytes_.size() - position_) {
      throw std::runtime_error("the file is truncated");
    }
    std::memcpy(to, bytes_.data() + position_, static_cast<std::size_t>(size));
    position_ += static_cast<std::uint64_t>(size);
    return position_ < bytes_.size();
  }
  std::uint64_t tellg() override { return position_; }
  void seekg(std::uint64_t position) override { position_ = position; }

 private:
  Bytes bytes_;
  std::uint64_t position_ = 0;
};

class MemoryWriter : public Imf::OStream {
 public:
  MemoryWriter() : OStream("in memory") {}

  void write(const char from[], int size) override {
    const std::uint64_t end = position_ + static_cast<std::uint64_t>(size);
    bytes_.resize(std::max<std::uint64_t>(bytes_.size(), end));
    std::memcpy(bytes_.data() + position_, from, static_cast<std::size_t>(size));
    position_ = end;
  }
  std::uint64_t tellp() override { return position_; }
  void seekp(std::uint64_t position) override { position_ = position; }

  std::vector<std::uint8_t> TakeBytes() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
  std::uint64_t position_ = 0;
};

// OpenEXR's errors become ours.
template <typename Work>
void CatchExr(const Work& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    throw MemoryError("no memory for an EXR");
  } catch (const std::exception& error) {
    throw Error(std::string("the EXR library says: ") + error.what());
  }
}

// The names of one channel, or of three in the order R,G,B.
const char* ChannelName(int channel, int channels) {
  constexpr const char* kColours[] = {"R", "G", "B"};
  return channels == 1 ? "Y" : kColours[channel];
}

// Float32 at `data`, interleaved, rows `row_bytes` apart, as OpenEXR knows it.
Imf::FrameBuffer SlicesOf(const void* data, int channels, const Imath::Box2i& window,
                          std::size_t row_bytes) {
  Imf::FrameBuffer slices;
  for (int c = 0; c < channels; ++c) {
    slices.insert(ChannelName(c, channels),
                  Imf::Slice::Make(Imf::FLOAT, static_cast<const float*>(data) + c, window,
                                   sizeof(float) * static_cast<std::size_t>(channels), row_bytes));
  }
  return slices;
}

}  // namespace

FrameBuffer DecodeExr(Bytes bytes, const ReadOptions& options) {
  const ExrHeader header = CheckExrHeader(bytes, options);
  CheckExrChunks(bytes, header);
  FrameBuffer frame(SampleType::kFloat32, header.width, header.height, header.channels);
  CatchExr([&] {
    MemoryReader stream(bytes);
    Imf::InputFile file(stream, kNoThreads);
    const Imath::Box2i& window = file.header().dataWindow();
    file.setFrameBuffer(SlicesOf(frame.data(), frame.channels(), window,
                                 frame.bytes() / static_cast<std::size_t>(frame.height())));
    file.readPixels(window.min.y, window.max.y);
  });
  return frame;
}

std::vector<std::uint8_t> ExrBytes(const ConstFrame& frame) {
  const PictureRows picture(frame);
  CheckPicture(picture, "EXR", {SampleType::kFloat32});
  MemoryWriter stream;
  CatchExr([&] {
    Imf::Header header(picture.width(), picture.height());
    for (int c = 0; c < picture.channels(); ++c) {
      header.channels().insert(ChannelName(c, picture.channels()), Imf::Channel(Imf::FLOAT));
    }
    const Imath::Box2i window = header.dataWindow();
    Imf::OutputFile file(stream, header, kNoThreads);
    file.setFrameBuffer(SlicesOf(picture.Row(0), picture.channels(), window,
                                 static_cast<std::size_t>(picture.row_stride())));
    file.writePixels(picture.height());
  });
  return stream.TakeBytes();
}

}  // namespace dkn
