#include <ImfChannelList.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfIO.h>
#include <ImfInputFile.h>
#include <ImfInputPart.h>
#include <ImfMultiPartInputFile.h>
#include <ImfOutputFile.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/io/exr_channels.h"
#include "src/io/exr_header.h"
#include "src/io/image_codecs.h"
#include "src/io/picture_rows.h"
#include "src/io/stored_samples.h"

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
std::vector<std::string> ChannelNames(int channels) {
  return channels == 1 ? std::vector<std::string>{"Y"} : std::vector<std::string>{"R", "G", "B"};
}

// The named channels at `data`, values of 4 bytes, interleaved, rows `row_bytes` apart, as OpenEXR
// knows them.
Imf::FrameBuffer SlicesOf(const void* data, Imf::PixelType type,
                          const std::vector<std::string>& names, const Imath::Box2i& window,
                          std::size_t row_bytes) {
  Imf::FrameBuffer slices;
  for (std::size_t c = 0; c < names.size(); ++c) {
    slices.insert(names[c], Imf::Slice::Make(type, static_cast<const float*>(data) + c, window,
                                             sizeof(float) * names.size(), row_bytes));
  }
  return slices;
}

// The pixels of the data window; OpenEXR turns half into float.
template <typename File>
void ReadPixels(File& file, const ExrChoice& choice, Imf::PixelType type, FrameBuffer& frame) {
  const Imath::Box2i& window = file.header().dataWindow();
  std::vector<std::string> names;
  for (const ExrChannel& channel : choice.channels) {
    names.push_back(channel.name);
  }
  file.setFrameBuffer(SlicesOf(frame.data(), type, names, window,
                               frame.bytes() / static_cast<std::size_t>(frame.height())));
  file.readPixels(window.min.y, window.max.y);
}

std::string WindowText(const ExrWindow& window) {
  return SizeText(static_cast<int>(window.width), static_cast<int>(window.height)) + " at (" +
         std::to_string(window.x) + ", " + std::to_string(window.y) + ")";
}

// The picture of the display window: what lies outside is cut off, what no pixel was stored for is
// a hole, of which guides may have none.
FrameBuffer InDisplayWindow(FrameBuffer stored, const ExrPart& part, const ReadOptions& options) {
  const ExrWindow& data = part.data;
  const ExrWindow& display = part.display;
  const std::int64_t left = std::max(data.x, display.x);
  const std::int64_t top = std::max(data.y, display.y);
  const std::int64_t right = std::min(data.x + data.width, display.x + display.width);
  const std::int64_t bottom = std::min(data.y + data.height, display.y + display.height);
  const bool all = right - left == display.width && bottom - top == display.height;
  if (all && data.width == display.width && data.height == display.height) {
    return stored;
  }
  const std::string where = "pixels are stored for " + WindowText(data) +
                            " of the EXR's display window, " + WindowText(display);
  if (left >= right || top >= bottom) {
    throw Error(where + ": none of them is seen");
  }
  if (!all && options.guide) {
    throw Error(where + "; a guide needs all of them");
  }
  if (!all) {
    AddNote(options, where + "; the others are holes");
  }
  FrameBuffer placed(stored.type(), static_cast<int>(display.width),
                     static_cast<int>(display.height), stored.channels());
  if (stored.type() == SampleType::kFloat32) {
    std::fill_n(placed.As<float>(), placed.bytes() / sizeof(float),
                std::numeric_limits<float>::quiet_NaN());
  } else {
    std::fill_n(placed.As<std::uint8_t>(), placed.bytes(), std::uint8_t{0});
  }
  const auto pixel = static_cast<std::int64_t>(SampleBytes(stored.type())) * stored.channels();
  for (std::int64_t y = top; y < bottom; ++y) {
    std::copy_n(
        stored.As<std::uint8_t>() + ((y - data.y) * data.width + left - data.x) * pixel,
        (right - left) * pixel,
        placed.As<std::uint8_t>() + ((y - display.y) * display.width + left - display.x) * pixel);
  }
  return placed;
}

}  // namespace

FrameBuffer DecodeExr(Bytes bytes, const ReadOptions& options) {
  const ExrHeader header = CheckExrHeader(bytes, options);
  const ExrChoice choice = ChooseExrChannels(header, options);
  const ExrPart& part = header.parts[choice.part];
  CheckExrChunks(bytes, header, choice.part);
  const bool integers = choice.channels.size() == 1 && choice.channels[0].type == ExrType::kUint32;
  const FrameShape shape{static_cast<int>(part.data.width), static_cast<int>(part.data.height),
                         static_cast<int>(choice.channels.size())};
  FrameBuffer frame(SampleType::kFloat32, shape.width, shape.height, shape.channels);
  CatchExr([&] {
    MemoryReader stream(bytes);
    const Imf::PixelType type = integers ? Imf::UINT : Imf::FLOAT;
    if (header.multi_part) {
      Imf::MultiPartInputFile file(stream, kNoThreads);
      Imf::InputPart input(file, static_cast<int>(choice.part));
      ReadPixels(input, choice, type, frame);
    } else {
      Imf::InputFile file(stream, kNoThreads);
      ReadPixels(file, choice, type, frame);
    }
  });
  if (integers) {
    frame = FrameOfSamples({frame.As<std::uint8_t>(), frame.bytes()}, {StoredType::kUnsigned, 4},
                           shape, options);
  }
  return InDisplayWindow(std::move(frame), part, options);
}

std::vector<std::uint8_t> ExrBytes(const ConstFrame& frame) {
  const PictureRows picture(frame);
  CheckPicture(picture, "EXR", {SampleType::kFloat32});
  MemoryWriter stream;
  CatchExr([&] {
    Imf::Header header(picture.width(), picture.height());
    const std::vector<std::string> names = ChannelNames(picture.channels());
    for (const std::string& name : names) {
      header.channels().insert(name, Imf::Channel(Imf::FLOAT));
    }
    const Imath::Box2i window = header.dataWindow();
    Imf::OutputFile file(stream, header, kNoThreads);
    file.setFrameBuffer(SlicesOf(picture.Row(0), Imf::FLOAT, names, window,
                                 static_cast<std::size_t>(picture.row_stride())));
    file.writePixels(picture.height());
  });
  return stream.TakeBytes();
}

}  // namespace dkn
