#include "src/io/picture_rows.h"

#include <algorithm>
#include <exception>
#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {

PictureRows::PictureRows(const ConstFrame& frame) : frame_(frame) {
  CheckFrame(frame, "picture");
  const bool apart = frame.planar && frame.channels > 1;
  const bool reversed = frame.order == ChannelOrder::kBgr && frame.channels >= 3;
  if (apart || reversed) {
    copy_ = FrameOf(ImageOf(frame), frame.type);  // floats hold every value of every type
    frame_ = copy_;
  }
  row_bytes_ = SampleBytes(frame_.type) * static_cast<std::size_t>(frame_.width) *
               static_cast<std::size_t>(frame_.channels);
  row_stride_ =
      frame_.row_stride != 0 ? frame_.row_stride : static_cast<std::ptrdiff_t>(row_bytes_);
}

void CheckPicture(const PictureRows& picture, const char* format,
                  std::initializer_list<SampleType> types) {
  if (picture.channels() != 1 && picture.channels() != 3) {
    throw Error("a picture of " + SizeText(picture.width(), picture.height()) + " with " +
                std::to_string(picture.channels()) + " channels, expected 1 or 3 channels");
  }
  CheckPictureType(picture, format, types);
}

void CheckPictureType(const PictureRows& picture, const char* format,
                      std::initializer_list<SampleType> types) {
  if (std::find(types.begin(), types.end(), picture.type()) == types.end()) {
    throw Error("values of type " + SampleTypeName(picture.type()) + " do not fit a " + format);
  }
}

bool AppendBytes(const void* data, std::size_t size, std::vector<std::uint8_t>& bytes) noexcept {
  const auto* const first = static_cast<const std::uint8_t*>(data);
  try {
    bytes.insert(bytes.end(), first, first + size);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace dkn
