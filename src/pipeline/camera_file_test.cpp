#include <gmock/gmock.h>

#include <string>

#include "dkn/error.h"
#include "dkn/placement.h"
#include "src/core/test_files.h"

namespace dkn {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Not;
using testing::Throws;
using testing::WhenDynamicCastTo;

const std::string kDepth =
    R"({"width": 320, "height": 240, "fx": 290, "fy": 291.5, "cx": 159.5, "cy": 119.5})";
const std::string kColor =
    R"({"width": 1280, "height": 720, "fx": 900, "fy": 901, "cx": 640, "cy": 360})";
const std::string kTransform = "[0,-1,0,25, 1,0,0,-3.5, 0,0,1,0]";

std::string CameraText(const std::string& depth = kDepth, const std::string& color = kColor,
                       const std::string& transform = kTransform, const std::string& more = "") {
  return R"({"depth": )" + depth + R"(, "color": )" + color + R"(, "depth_to_color": )" +
         transform + more + "}";
}

std::string Refusal(const std::string& text) {
  return ErrorText([&] { ParseCameraPair(text); });
}

TEST(ParseCameraPair, ReadsEveryMember) {
  const CameraPair cameras = ParseCameraPair(CameraText());
  EXPECT_EQ(cameras.depth.width, 320);
  EXPECT_EQ(cameras.depth.height, 240);
  EXPECT_EQ(cameras.depth.fx, 290.0);
  EXPECT_EQ(cameras.depth.fy, 291.5);
  EXPECT_EQ(cameras.depth.cx, 159.5);
  EXPECT_EQ(cameras.depth.cy, 119.5);
  EXPECT_EQ(cameras.color.width, 1280);
  EXPECT_EQ(cameras.color.cy, 360.0);
  EXPECT_EQ(cameras.depth_to_color.rows,
            (std::array<double, 12>{0, -1, 0, 25, 1, 0, 0, -3.5, 0, 0, 1, 0}));
}

TEST(ParseCameraPair, NamesTheMemberThatIsWrong) {
  const auto depth = [](const std::string& fx, const std::string& width = "320") {
    return CameraText(R"({"width": )" + width + R"(, "height": 240, "fx": )" + fx +
                      R"(, "fy": 290, "cx": 0, "cy": 0})");
  };
  EXPECT_EQ(Refusal(depth("290")), "");
  EXPECT_THAT(Refusal(depth("0")), HasSubstr("depth: 'fx'"));
  EXPECT_THAT(Refusal(depth("-1")), HasSubstr("depth: 'fx'"));
  EXPECT_THAT(Refusal(depth("\"290\"")), HasSubstr("depth: 'fx'"));
  EXPECT_THAT(Refusal(depth("1e7")), HasSubstr("depth: 'fx'"));
  EXPECT_THAT(Refusal(depth("290", "0")), HasSubstr("depth: 'width'"));
  EXPECT_THAT(Refusal(depth("290", "2147483648")), HasSubstr("depth: 'width'"));
  EXPECT_THAT(Refusal(depth("290", "320.5")), HasSubstr("depth: 'width'"));
  EXPECT_THAT(Refusal(CameraText(kDepth, "7")), HasSubstr("color"));
  EXPECT_THAT(
      Refusal(CameraText(kDepth, R"({"width": 4, "height": 4, "fx": 1, "fy": 1, "cx": 0})")),
      HasSubstr("color lacks 'cy'"));
}

TEST(ParseCameraPair, RefusesTransformsThatAreNone) {
  for (const std::string transform :
       {"[]", "[1,0,0,0, 0,1,0,0, 0,0,1]", "[1,0,0,0, 0,1,0,0, 0,0,1,0, 0]",
        "[[1,0,0,0], [0,1,0,0], [0,0,1,0]]", "[1,0,0,\"0\", 0,1,0,0, 0,0,1,0]",
        "[1,0,0,1e30, 0,1,0,0, 0,0,1,0]", "{}"}) {
    EXPECT_THAT(Refusal(CameraText(kDepth, kColor, transform)), HasSubstr("'depth_to_color'"))
        << transform;
  }
  EXPECT_THAT(Refusal(CameraText(kDepth, kColor, "[2,0,0,0, 0,1,0,0, 0,0,1,0]")),
              HasSubstr("rotation"));
}

// The text is the calling program's; a file may be anyone's.
TEST(ParseCameraPair, TellsThatTheArgumentIsAtFault) {
  EXPECT_THROW(ParseCameraPair("{}"), ArgumentError);
  EXPECT_THROW(ParseCameraPair("not JSON"), ArgumentError);
  EXPECT_THROW(ParseCameraPair(CameraText(kDepth, kColor, "[2,0,0,0, 0,1,0,0, 0,0,1,0]")),
               ArgumentError);
}

TEST(ParseCameraPair, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(Refusal(CameraText(kDepth, kColor, kTransform, R"(, "distortion": [0.1])")),
              HasSubstr("'distortion'"));
  EXPECT_THAT(Refusal(R"({"depth": 1})"), HasSubstr("depth"));
  EXPECT_THAT(Refusal("[1]"), HasSubstr("object"));
  EXPECT_THAT(Refusal("not JSON"), HasSubstr("JSON"));
  EXPECT_THAT(Refusal(""), HasSubstr("JSON"));
}

using CameraFileTest = FolderTest;

TEST_F(CameraFileTest, ErrorsNameTheFile) {
  const auto put = [&](const std::string& text) {
    return Put("cameras.json", {text.begin(), text.end()});
  };
  EXPECT_EQ(ReadCameraPair(put(CameraText())).depth.width, 320);
  EXPECT_THAT(ErrorText([&] { ReadCameraPair(put("{}")); }),
              HasSubstr("cameras.json: cameras lacks"));
  EXPECT_THAT([&] { ReadCameraPair(Path("cameras.json")); },
              Throws<Error>(Not(WhenDynamicCastTo<const ArgumentError&>(_))));
  EXPECT_THAT(ErrorText([&] { ReadCameraPair(put(CameraText() + std::string(70000, ' '))); }),
              HasSubstr("cameras.json"));
  EXPECT_THAT(ErrorText([&] { ReadCameraPair(Path("absent.json")); }), HasSubstr("absent.json"));
}

}  // namespace
}  // namespace dkn
