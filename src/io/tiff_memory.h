#ifndef DKN_SRC_IO_TIFF_MEMORY_H_
#define DKN_SRC_IO_TIFF_MEMORY_H_

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/core/bytes.h"

namespace dkn {

// A TIFF in memory, open for libtiff, whose messages come here and go nowhere else.
class TiffFile {
 public:
  // Opens the bytes of a file to read its first page. Throws Error where libtiff finds none.
  explicit TiffFile(Bytes bytes);
  // Opens an empty file to write into.
  TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;
  ~TiffFile() = default;

  TIFF* get() { return tiff_.get(); }
  // Throws Error, with libtiff's first message, or MemoryError, unless `done`.
  void Check(bool done) const;
  // Whether libjpeg has made up pixels, of which libtiff only warns.
  bool jpeg_warned() const { return jpeg_warned_; }
  // What was written, once TIFFFlush has been called.
  std::vector<std::uint8_t> TakeBytes() { return std::move(written_); }

 private:
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };

  void Open(const char* mode);
  static int OnError(TIFF* tiff, void* self, const char* place, const char* format, va_list values);
  static int OnWarning(TIFF* tiff, void* self, const char* place, const char* format,
                       va_list values);
  static tmsize_t Read(thandle_t self, void* to, tmsize_t size);
  static tmsize_t Write(thandle_t self, void* from, tmsize_t size);
  static toff_t Seek(thandle_t self, toff_t offset, int origin);
  static toff_t Size(thandle_t self);
  // The bytes as they lie there, so that libtiff copies none of them.
  static int Map(thandle_t self, void** data, toff_t* size);

  Bytes bytes() const { return writing_ ? Bytes(written_) : read_; }

  Bytes read_;
  std::vector<std::uint8_t> written_;
  bool writing_ = false;
  std::uint64_t position_ = 0;
  char error_[256] = "";
  bool no_memory_ = false;
  bool jpeg_warned_ = false;
  std::unique_ptr<TIFF, Close> tiff_;  // last: closing it writes and warns
};

}  // namespace dkn

#endif  // DKN_SRC_IO_TIFF_MEMORY_H_
