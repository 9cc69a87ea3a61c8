#include <string>

#include "dkn/error.h"
#include "src/io/container.h"

namespace dkn {
namespace {

// Markers of ITU-T T.81, table B.1: the second byte, after 0xFF.
constexpr int kRestart0 = 0xD0;
constexpr int kStartOfImage = 0xD8;
constexpr int kEndOfImage = 0xD9;
constexpr int kStartOfScan = 0xDA;

// Start of frame, any coding process: 0xC0..0xCF without DHT, JPG and DAC.
bool IsStartOfFrame(int marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// RSTm and TEM stand alone; all others are followed by their length.
bool StandsAlone(int marker) {
  return (marker >= kRestart0 && marker <= kStartOfImage) || marker == 0x01;
}

ImageInfo ReadFrame(Bytes segment) {
  ByteReader reader(segment, std::endian::big);
  ImageInfo info;
  const int precision = reader.U8();
  info.height = reader.U16();
  info.width = reader.U16();
  info.channels = reader.U8();
  if (precision != 8) {
    throw Error("the JPEG has " + std::to_string(precision) + " bits, expected 8");
  }
  if (info.channels != 1 && info.channels != 3) {
    throw Error("the JPEG has " + std::to_string(info.channels) + " components, expected 1 or 3");
  }
  return info;
}

int NextMarker(ByteReader& reader) {
  if (reader.U8() != 0xFF) {
    throw Error("the JPEG is damaged: no marker at byte " + std::to_string(reader.position() - 1));
  }
  int marker = reader.U8();
  while (marker == 0xFF) {  // fill bytes
    marker = reader.U8();
  }
  return marker;
}

// Leaves the reader at the 0xFF of the first marker after the coded data, where 0xFF00 stands for a
// byte 0xFF and restart markers belong to the data.
void SkipCodedData(ByteReader& reader) {
  for (;;) {
    while (reader.U8() != 0xFF) {
    }
    const std::size_t start = reader.position() - 1;
    int marker = reader.U8();
    while (marker == 0xFF) {
      marker = reader.U8();
    }
    if (marker != 0x00 && !(marker >= kRestart0 && marker < kStartOfImage)) {
      reader.Seek(start);
      return;
    }
  }
}

}  // namespace

ImageInfo CheckJpeg(Bytes bytes) {
  ByteReader reader(bytes, std::endian::big);
  reader.Take(2);  // start of image
  ImageInfo info;
  bool scan = false;
  for (int marker = NextMarker(reader); marker != kEndOfImage; marker = NextMarker(reader)) {
    if (StandsAlone(marker)) {
      continue;
    }
    const int length = reader.U16();
    if (length < 2) {
      throw Error("the JPEG is damaged: a segment of " + std::to_string(length) + " bytes");
    }
    const Bytes segment = reader.Take(static_cast<std::uint64_t>(length - 2));
    if (IsStartOfFrame(marker)) {
      if (info.channels != 0) {
        throw Error("the JPEG has several frames, expected one");
      }
      info = ReadFrame(segment);
    } else if (marker == kStartOfScan) {
      scan = true;
      SkipCodedData(reader);
    }
  }
  if (info.channels == 0 || !scan) {
    throw Error("the JPEG holds no picture (no frame or no scan)");
  }
  return info;
}

}  // namespace dkn
