#ifndef DKN_SRC_IO_PICTURE_ROWS_H_
#define DKN_SRC_IO_PICTURE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "dkn/frame.h"

namespace dkn {

// The rows of a frame as files hold them: a pixel's channels side by side, in the order R,G,B. A
// frame that has them is not copied, and must outlive this. Throws Error as CheckFrame does.
class PictureRows {
 public:
  explicit PictureRows(const ConstFrame& frame);

  int width() const { return frame_.width; }
  int height() const { return frame_.height; }
  int channels() const { return frame_.channels; }
  SampleType type() const { return frame_.type; }
  std::size_t row_bytes() const { return row_bytes_; }
  // Bytes from the beginning of a row to that of the next.
  std::ptrdiff_t row_stride() const { return row_stride_; }
  const std::uint8_t* Row(int y) const {
    return static_cast<const std::uint8_t*>(frame_.data) + y * row_stride_;
  }

 private:
  FrameBuffer copy_;
  ConstFrame frame_;
  std::size_t row_bytes_ = 0;
  std::ptrdiff_t row_stride_ = 0;
};

// Throws Error unless the picture has one of the types, which `format` holds.
void CheckPictureType(const PictureRows& picture, const char* format,
                      std::initializer_list<SampleType> types);
// And 1 or 3 channels.
void CheckPicture(const PictureRows& picture, const char* format,
                  std::initializer_list<SampleType> types);

// Whether the bytes could be appended. Throws nothing: the codecs that call it are C.
bool AppendBytes(const void* data, std::size_t size, std::vector<std::uint8_t>& bytes) noexcept;

}  // namespace dkn

#endif  // DKN_SRC_IO_PICTURE_ROWS_H_
