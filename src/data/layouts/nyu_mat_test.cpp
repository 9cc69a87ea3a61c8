#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <array>
#include <atomic>
#include <fstream>

#include "src/core/parallel_for.h"
#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Shape = std::vector<hsize_t>;

// What the test file holds at image i, column x, row y, channel c.
int ColourAt(int i, int x, int y, int c) {
  return (i * 31 + x * 7 + y * 3 + c) % 256;
}
float DepthAt(int i, int x, int y) {
  return 1.0f + 0.5f * static_cast<float>(x) + 0.25f * static_cast<float>(y) +
         0.001f * static_cast<float>(i);
}

// Files as MATLAB 7.3 writes them: a user block of 512 bytes before HDF5's own, chunks, deflate.
class NyuMatTest : public LayoutTest {
 protected:
  NyuMatTest() {
    options_.layout = "nyu_mat";
    options_.path = Path("nyu_depth_v2_labeled.mat");
  }

  // Calls add(file) on a new, empty file.
  template <typename Add>
  void PutMat(const Add& add) const {
    const hid_t properties = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(properties, 512);
    const hid_t file = H5Fcreate(options_.path.c_str(), H5F_ACC_TRUNC, properties, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    add(file);
    H5Fclose(file);
    H5Pclose(properties);
    std::fstream stream(options_.path, std::ios::binary | std::ios::in | std::ios::out);
    stream << "MATLAB 7.3 MAT-file, Platform: GLNXA64";
  }

  static void AddArray(hid_t file, const std::string& name, hid_t stored, const Shape& shape,
                       hid_t type, const void* values, const Shape& chunk = {}) {
    const int rank = static_cast<int>(shape.size());
    const hid_t space = H5Screate_simple(rank, shape.data(), nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (!chunk.empty()) {
      H5Pset_chunk(properties, rank, chunk.data());
      H5Pset_deflate(properties, 3);
    }
    const hid_t array =
        H5Dcreate2(file, name.c_str(), stored, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ASSERT_GE(array, 0);
    if (values != nullptr) {
      ASSERT_GE(H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    }
    H5Dclose(array);
    H5Pclose(properties);
    H5Sclose(space);
  }

  // `count` images of 3 x 2 pixels.
  void PutImages(int count) const {
    std::vector<std::uint8_t> colours;
    std::vector<float> depths;
    for (int i = 0; i < count; ++i) {
      for (int c = 0; c < 3; ++c) {
        for (int x = 0; x < 3; ++x) {
          for (int y = 0; y < 2; ++y) {
            colours.push_back(static_cast<std::uint8_t>(ColourAt(i, x, y, c)));
          }
        }
      }
      for (int x = 0; x < 3; ++x) {
        for (int y = 0; y < 2; ++y) {
          depths.push_back(DepthAt(i, x, y));
        }
      }
    }
    const auto images = static_cast<hsize_t>(count);
    PutMat([&](hid_t file) {
      AddArray(file, "images", H5T_STD_U8LE, {images, 3, 3, 2}, H5T_NATIVE_UINT8, colours.data(),
               {1, 3, 3, 2});
      AddArray(file, "depths", H5T_IEEE_F32LE, {images, 3, 2}, H5T_NATIVE_FLOAT, depths.data(),
               {1, 3, 2});
    });
  }
  // What OpenDataset says of a file of empty arrays.
  std::string RefusalOf(hid_t image_type, const Shape& images, hid_t depth_type,
                        const Shape& depths, const Shape& image_chunk = {}) const {
    PutMat([&](hid_t file) {
      AddArray(file, "images", image_type, images, image_type, nullptr, image_chunk);
      AddArray(file, "depths", depth_type, depths, depth_type, nullptr);
    });
    return OpenRefusal();
  }
};

TEST_F(NyuMatTest, TurnsColumnsIntoRows) {
  PutImages(2);
  options_.split = "all";
  options_.unit_per_step = 100.0;  // cm
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("0000", "0001"));
  EXPECT_THAT(dataset->Files(1), ElementsAre(options_.path));
  for (int i = 0; i < 2; ++i) {
    const Sample sample = dataset->Read(i);
    ASSERT_EQ(sample.guide.width(), 3);
    ASSERT_EQ(sample.guide.height(), 2);
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 3; ++x) {
        EXPECT_FLOAT_EQ(sample.truth(x, y), 100.0f * DepthAt(i, x, y));
        for (int c = 0; c < 3; ++c) {
          EXPECT_FLOAT_EQ(sample.guide(x, y, c), ColourAt(i, x, y, c) / 255.0f);
        }
      }
    }
  }
}

TEST_F(NyuMatTest, SplitsAtOneThousand) {
  PutImages(1002);
  const auto test = Open();
  EXPECT_THAT(NamesOf(*test), ElementsAre("1000", "1001"));
  EXPECT_FLOAT_EQ(test->Read(1).truth(0, 0), DepthAt(1001, 0, 0));
  options_.split = "train";
  EXPECT_EQ(Open()->size(), 1000u);
  options_.path = Path("");  // the folder does, too
  options_.split = "all";
  EXPECT_EQ(Open()->size(), 1002u);
}

TEST_F(NyuMatTest, ThreadsMayReadAtOnce) {
  PutImages(40);
  options_.split = "train";
  const auto one = Open();
  const auto other = Open();
  std::atomic<int> wrong = 0;
  ParallelFor(0, 400, [&](int k) {
    const Sample sample = (k % 2 == 0 ? one : other)->Read(k % 40);
    wrong += sample.truth(2, 1) != DepthAt(k % 40, 2, 1);
  });
  EXPECT_EQ(wrong, 0);
}

TEST_F(NyuMatTest, RefusesOtherFiles) {
  EXPECT_THAT(OpenRefusal(), HasSubstr("nyu_depth_v2_labeled.mat: is not there"));
  Put("nyu_depth_v2_labeled.mat", {'M', 'A', 'T', 'L', 'A', 'B', ' ', '5', '.', '0'});
  EXPECT_THAT(OpenRefusal(), HasSubstr("is not a MATLAB v7.3 (HDF5) file"));
  PutImages(5);
  EXPECT_THAT(OpenRefusal(), HasSubstr("holds 5 images, the split test begins at 1000"));
  std::vector<std::uint8_t> bytes = Get(options_.path);
  bytes.resize(bytes.size() / 2);
  Put("nyu_depth_v2_labeled.mat", bytes);
  EXPECT_THAT(OpenRefusal(), HasSubstr("labeled.mat: is not a MATLAB v7.3 (HDF5) file, or"));
  std::filesystem::remove(options_.path);
  options_.path = Path("");
  PutText("readme.txt", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no nyu_depth"), HasSubstr("(readme.txt)")));
}

TEST_F(NyuMatTest, RefusesArraysOfOtherTypesAndShapes) {
  const hid_t u8 = H5T_STD_U8LE;
  const hid_t f32 = H5T_IEEE_F32LE;
  PutMat([](hid_t) {});
  EXPECT_THAT(OpenRefusal(), HasSubstr("holds no array 'images'"));
  PutMat([](hid_t file) {
    H5Lcreate_external("other.h5", "images", file, "images", H5P_DEFAULT, H5P_DEFAULT);
  });
  EXPECT_THAT(OpenRefusal(), HasSubstr("holds no array 'images'"));
  EXPECT_THAT(RefusalOf(H5T_STD_I8LE, {1, 3, 3, 2}, f32, {1, 3, 2}), HasSubstr("expected uint8"));
  EXPECT_THAT(RefusalOf(H5T_STD_U16LE, {1, 3, 3, 2}, f32, {1, 3, 2}), HasSubstr("expected uint8"));
  EXPECT_THAT(RefusalOf(u8, {1, 3, 3, 2}, u8, {1, 3, 2}), HasSubstr("expected float32"));
  EXPECT_THAT(RefusalOf(u8, {3, 3, 2}, f32, {1, 3, 2}), HasSubstr("has 3 dimensions, expected 4"));
  EXPECT_THAT(RefusalOf(u8, {1, 4, 3, 2}, f32, {1, 3, 2}), HasSubstr("is [1, 4, 3, 2]"));
  EXPECT_THAT(RefusalOf(u8, {1, 3, 3, 2}, f32, {1, 2, 3}), HasSubstr("'depths' [1, 2, 3]"));
  EXPECT_THAT(RefusalOf(u8, {0, 3, 3, 2}, f32, {0, 3, 2}), HasSubstr("at least one image"));
}

// Chunks that nothing was written to take no place in the file.
TEST_F(NyuMatTest, RefusesHugeImagesAndChunks) {
  const hid_t u8 = H5T_STD_U8LE;
  const hid_t f32 = H5T_IEEE_F32LE;
  PutMat([&](hid_t file) {
    AddArray(file, "images", u8, {1, 3, 65536, 65536}, u8, nullptr, {1, 1, 64, 64});
    AddArray(file, "depths", f32, {1, 65536, 65536}, f32, nullptr, {1, 64, 64});
  });
  EXPECT_THAT(OpenRefusal(), HasSubstr("65536 x 65536 pixels, more than the limit"));
  EXPECT_THAT(RefusalOf(u8, {2000, 3, 640, 480}, f32, {2000, 640, 480}, {1000, 3, 640, 480}),
              HasSubstr("'images' is stored in chunks of more than"));
}

TEST_F(NyuMatTest, RefusesArraysThatLieInOtherFiles) {
  Put("raw.bin", std::vector<std::uint8_t>(18));
  PutMat([&](hid_t file) {
    const hsize_t shape[] = {1, 3, 3, 2};
    const hid_t space = H5Screate_simple(4, shape, nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(properties, Path("raw.bin").c_str(), 0, 18);
    H5Dclose(H5Dcreate2(file, "images", H5T_STD_U8LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    H5Pclose(properties);
    H5Sclose(space);
    AddArray(file, "depths", H5T_IEEE_F32LE, {1, 3, 2}, H5T_NATIVE_FLOAT, nullptr);
  });
  EXPECT_THAT(OpenRefusal(), HasSubstr("'images' lies in other files"));
}

}  // namespace
}  // namespace dkn
