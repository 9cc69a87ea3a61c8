#include "src/figures/label_places.h"

#include <gtest/gtest.h>

#include <random>

namespace dkn::figures {
namespace {

constexpr int kRadius = 6;
constexpr PixelBox kFrame{50, 20, 800, 500};

bool Inside(const PixelBox& box, const PixelBox& frame) {
  return Intersection(box, frame) == box;
}

void ExpectApart(const std::vector<PixelPoint>& points, const std::vector<LabelPlace>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_TRUE(Inside(places[i].box, kFrame)) << i;
    for (std::size_t j = 0; j < places.size(); ++j) {
      const PixelBox disc{points[j].x - kRadius, points[j].y - kRadius, 2 * kRadius + 1,
                          2 * kRadius + 1};
      EXPECT_EQ(Area(Intersection(places[i].box, disc)), 0) << i << " covers point " << j;
      if (j < i) {
        EXPECT_EQ(Area(Intersection(places[i].box, places[j].box)), 0)
            << i << " covers label " << j;
      }
    }
  }
}

TEST(PlaceLabels, ALonePointHasItsLabelAtTheRight) {
  const auto places = PlaceLabels({{200, 200}}, {{60, 20}}, kRadius, kFrame);
  EXPECT_TRUE(places[0].beside);
  EXPECT_GT(places[0].box.x, 200 + kRadius);
  EXPECT_LT(places[0].box.x, 200 + 3 * kRadius);
  EXPECT_EQ(places[0].box.y, 190);
}

TEST(PlaceLabels, StaysInsideAtEverySide) {
  const std::vector<PixelPoint> corners = {{50, 20}, {849, 20}, {50, 519}, {849, 519}, {849, 250}};
  const auto places =
      PlaceLabels(corners, std::vector<PixelSize>(5, PixelSize{120, 20}), kRadius, kFrame);
  ExpectApart(corners, places);
}

TEST(PlaceLabels, CrowdsComeApart) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    std::vector<PixelPoint> points;
    std::vector<PixelSize> sizes;
    for (int i = 0; i < 14; ++i) {
      points.push_back(
          {static_cast<int>(400 + random() % 60), static_cast<int>(random() % 40) + 200});
      sizes.push_back({static_cast<int>(40 + random() % 80), 20});
    }
    ExpectApart(points, PlaceLabels(points, sizes, kRadius, kFrame));
  }
}

TEST(PlaceLabels, TheSamePointTwice) {
  const std::vector<PixelPoint> points(5, PixelPoint{300, 300});
  const auto places =
      PlaceLabels(points, std::vector<PixelSize>(5, PixelSize{70, 20}), kRadius, kFrame);
  ExpectApart(points, places);
}

TEST(PlaceLabels, WithoutRoomTheyStayInside) {
  constexpr PixelBox tiny{0, 0, 100, 30};
  const std::vector<PixelPoint> points(8, PixelPoint{50, 15});
  const std::vector<PixelSize> sizes(8, PixelSize{90, 20});
  for (const LabelPlace& place : PlaceLabels(points, sizes, kRadius, tiny)) {
    EXPECT_TRUE(Inside(place.box, tiny)) << place.box.x << " " << place.box.y;
  }
}

TEST(PlaceLabels, NoLabelNeedsNoPlace) {
  const auto places = PlaceLabels({{200, 200}, {205, 200}}, {{0, 20}, {50, 20}}, kRadius, kFrame);
  EXPECT_EQ(Area(places[0].box), 0);
  EXPECT_GT(Area(places[1].box), 0);
  EXPECT_TRUE(PlaceLabels({}, {}, kRadius, kFrame).empty());
}

}  // namespace
}  // namespace dkn::figures
