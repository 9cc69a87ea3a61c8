#ifndef DKN_SRC_IO_STORED_SAMPLES_H_
#define DKN_SRC_IO_STORED_SAMPLES_H_

#include <cstddef>
#include <optional>
#include <string>

#include "dkn/frame.h"
#include "dkn/io.h"
#include "src/core/bytes.h"
#include "src/core/printable_text.h"

namespace dkn {

// How files store a value, of which frames know four kinds. Integers have 1, 2, 4 or 8 bytes,
// floats 2, 4 or 8.
struct StoredType {
  enum Kind { kUnsigned, kSigned, kFloat } kind = kUnsigned;
  int bytes = 1;
};

// "int32", as NumPy calls it.
std::string StoredTypeName(StoredType type);

// The type of frames that is the file's, if there is one.
std::optional<SampleType> SameSampleType(StoredType type);

struct FrameShape {
  int width = 0;
  int height = 0;
  int channels = 1;
};

// A frame of values in the processor's byte order, a pixel's channels side by side: as they are
// where a frame knows their type. Of other types
//   int8                     becomes uint8   where no value is below 0, else float32
//   int16 to int64, uint32,  become uint16   where 0 to 65535 hold all values, else float32
//   uint64
//   float64                  becomes float32
// Values equal to `nodata` become holes: NaN of floats, 0 of integers. What of this loses something
// is told in the options' notes. `samples` must have exactly the bytes of all values.
FrameBuffer FrameOfSamples(Bytes samples, StoredType type, const FrameShape& shape,
                           const ReadOptions& options, std::optional<double> nodata = std::nullopt);

// Adds to the notes, where somebody wants them, as text that may be printed: it may have names from
// a file.
inline void AddNote(const ReadOptions& options, const std::string& note) {
  if (options.notes != nullptr) {
    options.notes->push_back(PrintableText(note, kMaxErrorText));
  }
}

}  // namespace dkn

#endif  // DKN_SRC_IO_STORED_SAMPLES_H_
