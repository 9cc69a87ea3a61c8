#ifndef DKN_SRC_DATA_LAYOUTS_TEST_LAYOUTS_H_
#define DKN_SRC_DATA_LAYOUTS_TEST_LAYOUTS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "src/core/bytes.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/data/dataset.h"

// What the tests of layouts share.
namespace dkn {

class LayoutTest : public FolderTest {
 protected:
  LayoutTest() { options_.path = Path(""); }

  // Puts a file into the folder, and makes the folders on its way.
  std::string Place(const std::string& name) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    return Path(name);
  }
  std::string PutText(const std::string& name, const std::string& text) const {
    return Put(std::filesystem::relative(Place(name), Path("")).string(),
               {text.begin(), text.end()});
  }
  // A picture of 8 bits with values at random.
  void PutPicture(const std::string& name, int width, int height, int channels = 3) const {
    WriteImage(Place(name), RandomImage(width, height, channels, 0.0f, 255.0f, 1),
               SampleType::kUint8);
  }
  // One channel whose values are first, first + 1, ...
  void PutValues(const std::string& name, int width, int height, float first,
                 SampleType type) const {
    Image image(width, height);
    for (std::size_t i = 0; i < image.size(); ++i) {
      image.data()[i] = first + static_cast<float>(i);
    }
    WriteImage(Place(name), image, type);
  }

  std::unique_ptr<Dataset> Open() const { return OpenDataset(options_); }
  std::string OpenRefusal() const {
    return ErrorText([&] { Open(); });
  }
  std::string ReadRefusal(std::size_t i = 0) const {
    return ErrorText([&] { Open()->Read(i); });
  }

  DatasetOptions options_;
};

// Names of a set, in order.
inline std::vector<std::string> NamesOf(const Dataset& dataset) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    names.push_back(dataset.Name(i));
  }
  return names;
}

}  // namespace dkn

#endif  // DKN_SRC_DATA_LAYOUTS_TEST_LAYOUTS_H_
