#ifndef DKN_OPENCV_H_
#define DKN_OPENCV_H_

// An optional adapter for programs that use OpenCV; the library itself does not need it.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <opencv2/core.hpp>
#include <string>
#include <type_traits>

#include "dkn/error.h"
#include "dkn/frame.h"
#include "dkn/image.h"

namespace dkn {

// The frame that a matrix is, B,G,R(,A) or 1 channel; nothing is copied. Throws Error unless it has
// 2 dimensions and is CV_8U, CV_16U, CV_16F or CV_32F.
template <typename Void>
BasicFrame<Void> FrameOfMat(const cv::Mat& mat) {
  if (mat.dims != 2) {
    throw Error("the matrix has " + std::to_string(mat.dims) + " dimensions, expected 2");
  }
  SampleType type = SampleType::kUint8;
  switch (mat.depth()) {
    case CV_8U:
      break;
    case CV_16U:
      type = SampleType::kUint16;
      break;
    case CV_16F:
      type = SampleType::kFloat16;
      break;
    case CV_32F:
      type = SampleType::kFloat32;
      break;
    default:
      throw Error("the matrix has OpenCV depth " + std::to_string(mat.depth()) +
                  ", expected CV_8U, CV_16U, CV_16F or CV_32F");
  }
  BasicFrame<Void> frame(mat.data, type, mat.cols, mat.rows, mat.channels());
  frame.order = ChannelOrder::kBgr;
  frame.row_stride = static_cast<std::ptrdiff_t>(mat.step[0]);
  return frame;
}
inline Frame FrameOf(cv::Mat& mat) {
  return FrameOfMat<void>(mat);
}
inline ConstFrame FrameOf(const cv::Mat& mat) {
  return FrameOfMat<const void>(mat);
}

// `value` as a T: float as it is, integers rounded to the nearest (halves to even). Throws Error,
// naming the pixel, when an integer cannot hold it.
template <typename T>
T ToSample(float value, int x, int y) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    constexpr int kMax = std::numeric_limits<T>::max();
    const float rounded = std::nearbyint(value);
    if (!(rounded >= 0.0f && rounded <= static_cast<float>(kMax))) {
      throw Error("the value " + std::to_string(value) + " at x = " + std::to_string(x) +
                  ", y = " + std::to_string(y) + " is outside 0.." + std::to_string(kMax));
    }
    return static_cast<T>(rounded);
  }
}

// The plane of channel c in an OpenCV pixel of n channels: B,G,R(,A) against R,G,B.
inline int MatChannel(int c, int n) {
  return n >= 3 ? 2 - c : c;
}

template <typename T>
void CopyFromMat(const cv::Mat& mat, View to) {
  const int n = mat.channels();
  for (int c = 0; c < to.channels; ++c) {
    for (int y = 0; y < to.height; ++y) {
      const T* from = mat.ptr<T>(y) + MatChannel(c, n);
      float* row = to.Row(y, c);
      for (int x = 0; x < to.width; ++x) {
        row[x] = static_cast<float>(from[static_cast<std::ptrdiff_t>(x) * n]);
      }
    }
  }
}

template <typename T>
void CopyToMat(ConstView from, cv::Mat& mat) {
  const int n = from.channels;
  for (int c = 0; c < n; ++c) {
    for (int y = 0; y < from.height; ++y) {
      const float* row = from.Row(y, c);
      T* to = mat.ptr<T>(y) + MatChannel(c, n);
      for (int x = 0; x < from.width; ++x) {
        to[static_cast<std::ptrdiff_t>(x) * n] = ToSample<T>(row[x], x, y);
      }
    }
  }
}

// Values as they are, not scaled; B,G,R becomes R,G,B and a fourth channel is dropped. Throws Error
// unless `mat` is CV_8U, CV_16U or CV_32F with 1, 3 or 4 channels.
inline Image ImageFromMat(const cv::Mat& mat) {
  const int channels = mat.channels();
  if (mat.dims != 2 || (channels != 1 && channels != 3 && channels != 4)) {
    throw Error("the matrix has " + std::to_string(mat.dims) + " dimensions and " +
                std::to_string(channels) + " channels, expected 2 and 1, 3 or 4");
  }
  Image image;
  image.Reset(mat.cols, mat.rows, channels == 1 ? 1 : 3);
  switch (mat.depth()) {
    case CV_8U:
      CopyFromMat<std::uint8_t>(mat, image);
      break;
    case CV_16U:
      CopyFromMat<std::uint16_t>(mat, image);
      break;
    case CV_32F:
      CopyFromMat<float>(mat, image);
      break;
    default:
      throw Error("the matrix has OpenCV depth " + std::to_string(mat.depth()) +
                  ", expected CV_8U, CV_16U or CV_32F");
  }
  return image;
}

// A matrix of `depth` CV_8U, CV_16U or CV_32F; R,G,B becomes B,G,R. Values are not scaled; integers
// as in ToSample. Throws Error unless the image has 1 or 3 channels and is not empty.
inline cv::Mat MatFromImage(ConstView image, int depth) {
  if (image.empty() || (image.channels != 1 && image.channels != 3)) {
    throw Error("the image is " + std::to_string(image.width) + " x " +
                std::to_string(image.height) + " x " + std::to_string(image.channels) +
                ", expected 1 or 3 channels and at least one pixel");
  }
  if (depth != CV_8U && depth != CV_16U && depth != CV_32F) {
    throw Error("OpenCV depth " + std::to_string(depth) + ", expected CV_8U, CV_16U or CV_32F");
  }
  cv::Mat mat(image.height, image.width, CV_MAKETYPE(depth, image.channels));
  switch (depth) {
    case CV_8U:
      CopyToMat<std::uint8_t>(image, mat);
      break;
    case CV_16U:
      CopyToMat<std::uint16_t>(image, mat);
      break;
    default:
      CopyToMat<float>(image, mat);
  }
  return mat;
}

}  // namespace dkn

#endif  // DKN_OPENCV_H_
