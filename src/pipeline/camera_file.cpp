#include <algorithm>
#include <cmath>
#include <cstdint>

#include "dkn/error.h"
#include "dkn/placement.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"

namespace dkn {
namespace {

constexpr std::uint64_t kMaxFileBytes = 1 << 16;
constexpr int kMaxSide = 1 << 16;
constexpr double kMaxPixels = 1e6;  // of focal lengths and centres
constexpr double kMaxNumber = 1e9;  // of the transform
constexpr double kMinFocal = 1e-3;

Intrinsics ParseIntrinsics(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  Intrinsics camera;
  camera.width = members.Integer("width", 1, kMaxSide);
  camera.height = members.Integer("height", 1, kMaxSide);
  camera.fx = members.Number("fx", kMinFocal, kMaxPixels);
  camera.fy = members.Number("fy", kMinFocal, kMaxPixels);
  camera.cx = members.Number("cx", -kMaxPixels, kMaxPixels);
  camera.cy = members.Number("cy", -kMaxPixels, kMaxPixels);
  members.CheckAllTaken();
  return camera;
}

RigidTransform ParseTransform(JsonMembers& members, const std::string& key) {
  RigidTransform transform;
  const Json& rows = members.Array(key);
  const bool fits = rows.size() == transform.rows.size() &&
                    std::all_of(rows.begin(), rows.end(), [](const Json& value) {
                      return value.is_number() && std::abs(value.get<double>()) <= kMaxNumber;
                    });
  members.Check(fits, key, "an array of 12 numbers, the rows of [R | t]");
  std::transform(rows.begin(), rows.end(), transform.rows.begin(),
                 [](const Json& value) { return value.get<double>(); });
  return transform;
}

// What RegisterDepth refuses is refused before the first image is read.
void CheckRegisters(const CameraPair& cameras) {
  RegisterDepth(Image(1, 1), ResizedTo(cameras.depth, 1, 1), cameras.depth_to_color,
                ResizedTo(cameras.color, 1, 1));
}

CameraPair CamerasIn(const std::string& text) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "cameras");
  CameraPair cameras;
  cameras.depth = ParseIntrinsics(members.Get("depth"), "depth");
  cameras.color = ParseIntrinsics(members.Get("color"), "color");
  cameras.depth_to_color = ParseTransform(members, "depth_to_color");
  members.CheckAllTaken();
  CheckRegisters(cameras);
  return cameras;
}

}  // namespace

CameraPair ParseCameraPair(const std::string& text) {
  return ErrorsAs<ArgumentError>([&] { return CamerasIn(text); });
}

CameraPair ReadCameraPair(const std::string& path) {
  return ReadJsonFile(path, CamerasIn, kMaxFileBytes);
}

}  // namespace dkn
