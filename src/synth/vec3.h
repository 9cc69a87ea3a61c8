#ifndef DKN_SRC_SYNTH_VEC3_H_
#define DKN_SRC_SYNTH_VEC3_H_

#include <cmath>

namespace dkn {

// A point, a direction or a linear R,G,B colour.
struct Vec3 {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
};

inline Vec3 operator+(const Vec3& a, const Vec3& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3 operator-(const Vec3& a, const Vec3& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3 operator*(const Vec3& a, const Vec3& b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}
inline Vec3 operator*(double s, const Vec3& a) {
  return {s * a.x, s * a.y, s * a.z};
}
inline Vec3 operator-(const Vec3& a) {
  return {-a.x, -a.y, -a.z};
}

inline double Dot(const Vec3& a, const Vec3& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec3 Cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double Length(const Vec3& a) {
  return std::sqrt(Dot(a, a));
}
// `a` must not be 0.
inline Vec3 Normalize(const Vec3& a) {
  return (1.0 / Length(a)) * a;
}
// a for t = 0, b for t = 1.
inline Vec3 Mix(const Vec3& a, const Vec3& b, double t) {
  return (1.0 - t) * a + t * b;
}

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_VEC3_H_
