#include "src/io/tiff_memory.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>

#include "dkn/error.h"

namespace dkn {

TiffFile::TiffFile(Bytes bytes) : read_(bytes) {
  Open("r");
}

TiffFile::TiffFile() : writing_(true) {
  Open("w");
}

void TiffFile::Open(const char* mode) {
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  if (options == nullptr) {
    throw MemoryError("no memory for a TIFF");
  }
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), OnError, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), OnWarning, this);
  tiff_.reset(TIFFClientOpenExt(
      "", mode, this, Read, Write, Seek, [](thandle_t) { return 0; }, Size, Map,
      [](thandle_t, void*, toff_t) {}, options.get()));
  Check(tiff_ != nullptr);
}

void TiffFile::Check(bool done) const {
  if (no_memory_) {
    throw MemoryError("no memory for a TIFF");
  }
  if (!done) {
    throw Error(std::string("the TIFF library says: ") + error_);
  }
}

int TiffFile::OnError(TIFF*, void* self, const char*, const char* format, va_list values) {
  auto& file = *static_cast<TiffFile*>(self);
  if (file.error_[0] == '\0') {
    std::vsnprintf(file.error_, sizeof(file.error_), format, values);
  }
  return 1;  // nobody else is to be told
}

int TiffFile::OnWarning(TIFF*, void* self, const char* place, const char*, va_list) {
  auto& file = *static_cast<TiffFile*>(self);
  file.jpeg_warned_ = file.jpeg_warned_ || std::string_view(place) == "JPEGLib";
  return 1;
}

tmsize_t TiffFile::Read(thandle_t self, void* to, tmsize_t size) {
  auto& file = *static_cast<TiffFile*>(self);
  const Bytes bytes = file.bytes();
  const std::uint64_t begin = std::min<std::uint64_t>(file.position_, bytes.size());
  const std::uint64_t taken =
      std::min<std::uint64_t>(static_cast<std::uint64_t>(size), bytes.size() - begin);
  std::memcpy(to, bytes.data() + begin, taken);
  file.position_ = begin + taken;
  return static_cast<tmsize_t>(taken);
}

tmsize_t TiffFile::Write(thandle_t self, void* from, tmsize_t size) {
  auto& file = *static_cast<TiffFile*>(self);
  const std::uint64_t end = file.position_ + static_cast<std::uint64_t>(size);
  try {
    file.written_.resize(std::max<std::uint64_t>(file.written_.size(), end));
  } catch (const std::exception&) {  // libtiff is C
    file.no_memory_ = true;
    return 0;
  }
  std::memcpy(file.written_.data() + file.position_, from, static_cast<std::size_t>(size));
  file.position_ = end;
  return size;
}

toff_t TiffFile::Seek(thandle_t self, toff_t offset, int origin) {
  auto& file = *static_cast<TiffFile*>(self);
  const std::uint64_t from = origin == SEEK_SET   ? 0
                             : origin == SEEK_CUR ? file.position_
                                                  : file.bytes().size();
  file.position_ = from + offset;  // a negative offset wraps to what it means
  return file.position_;
}

toff_t TiffFile::Size(thandle_t self) {
  return static_cast<TiffFile*>(self)->bytes().size();
}

int TiffFile::Map(thandle_t self, void** data, toff_t* size) {
  auto& file = *static_cast<TiffFile*>(self);
  if (file.writing_) {
    return 0;
  }
  *data = const_cast<std::uint8_t*>(file.read_.data());  // libtiff reads a mapped file only
  *size = file.read_.size();
  return 1;
}

}  // namespace dkn
