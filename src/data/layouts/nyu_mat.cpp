// NYU Depth v2 (Silberman et al., ECCV 2012) as its authors publish it: nyu_depth_v2_labeled.mat, a
// MATLAB v7.3 file, which is HDF5. `images` is uint8 [N][3][W][H] and `depths` float [N][W][H] in
// metres with holes filled: MATLAB stores columns. The literature trains on the first 1,000 of the
// 1,449 images and tests on the others.

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/data/dataset_files.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

constexpr std::size_t kTrainImages = 1000;
constexpr char kFileName[] = "nyu_depth_v2_labeled.mat";

// HDF5 keeps global state, and not all builds of it have a lock of their own. While one lives, no
// other thread of ours is in HDF5, and HDF5 prints no errors.
class Hdf5Lock {
 public:
  Hdf5Lock() : lock_(Mutex()) {
    H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Hdf5Lock() { H5Eset_auto2(H5E_DEFAULT, print_, print_data_); }
  Hdf5Lock(const Hdf5Lock&) = delete;
  Hdf5Lock& operator=(const Hdf5Lock&) = delete;

 private:
  static std::mutex& Mutex() {
    static std::mutex mutex;
    return mutex;
  }
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
};

// An object of HDF5, closed at the end. Throws Error when there is none. Needs an Hdf5Lock.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const std::string& error) : id_(id), close_(close) {
    if (id_ < 0) {
      throw Error(error);
    }
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) {
      close_(id_);
    }
  }
  operator hid_t() const { return id_; }  // NOLINT: stands for the object in calls of HDF5

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// How the values lie in the file must neither lead to other files nor make HDF5 take memory that
// the values themselves do not need.
void CheckStorage(hid_t array, const std::string& name, hsize_t item_bytes) {
  constexpr hsize_t kFreeBytes = 1 << 26;
  const Handle properties(H5Dget_create_plist(array), H5Pclose, name + " cannot be read");
  const H5D_layout_t layout = H5Pget_layout(properties);
  if ((layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED && layout != H5D_COMPACT) ||
      H5Pget_external_count(properties) != 0) {
    throw Error(name + " lies in other files, expected all in this one");
  }
  if (layout == H5D_CHUNKED) {
    std::array<hsize_t, 4> chunk{};
    const int rank = H5Pget_chunk(properties, 4, chunk.data());
    const hsize_t limit = std::max(item_bytes, kFreeBytes);
    hsize_t values = 1;
    for (int i = 0; i < std::min(rank, 4); ++i) {
      values = chunk[i] > limit / values ? limit + 1 : values * std::max<hsize_t>(chunk[i], 1);
    }
    if (rank < 1 || rank > 4 || values > limit) {
      throw Error(name + " is stored in chunks of more than " + std::to_string(limit) + " values");
    }
  }
}

// An array of the file, with the lengths that its rank promises.
struct Array {
  Handle id;
  std::vector<hsize_t> shape;
};

// Opens `name`, of `rank` dimensions, of numbers of class `type` with `sizes` bytes.
Array OpenArray(hid_t file, const std::string& name, int rank, H5T_class_t type,
                std::initializer_list<std::size_t> sizes) {
  H5L_info_t link{};
  if (H5Lget_info(file, name.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD) {
    throw Error("holds no array '" + name + "', expected images and depths");
  }
  Handle array(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "'" + name + "' is no array");
  const Handle stored(H5Dget_type(array), H5Tclose, "'" + name + "' has no type");
  const std::size_t size = H5Tget_size(stored);
  const bool is_signed = type == H5T_INTEGER && H5Tget_sign(stored) != H5T_SGN_NONE;
  if (H5Tget_class(stored) != type || is_signed ||
      std::find(sizes.begin(), sizes.end(), size) == sizes.end()) {
    throw Error("'" + name + "' holds values of another type, expected " +
                (type == H5T_INTEGER ? "uint8" : "float32 or float64"));
  }
  const Handle space(H5Dget_space(array), H5Sclose, "'" + name + "' has no shape");
  const int found = H5Sget_simple_extent_ndims(space);
  if (found != rank) {
    throw Error("'" + name + "' has " + std::to_string(found) + " dimensions, expected " +
                std::to_string(rank));
  }
  std::vector<hsize_t> shape(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return {std::move(array), std::move(shape)};
}

// Item i of the array, converted to `type`; `values` has one item's size. False when it fails.
bool ReadItem(const Array& array, hsize_t i, hid_t type, void* values) {
  std::vector<hsize_t> start(array.shape.size(), 0);
  std::vector<hsize_t> count = array.shape;
  start[0] = i;
  count[0] = 1;
  const int rank = static_cast<int>(count.size());
  const Handle space(H5Dget_space(array.id), H5Sclose, "an array has no shape");
  const Handle memory(H5Screate_simple(rank, count.data(), nullptr), H5Sclose, "no memory");
  return H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) >=
             0 &&
         H5Dread(array.id, type, memory, space, H5P_DEFAULT, values) >= 0;
}

// The open file. Whoever constructs, reads or destroys it holds an Hdf5Lock.
class MatFile {
 public:
  explicit MatFile(const std::string& path)
      : file_(OpenFile(path)),
        images_(OpenArray(file_, "images", 4, H5T_INTEGER, {1})),
        depths_(OpenArray(file_, "depths", 3, H5T_FLOAT, {4, 8})) {
    const std::vector<hsize_t>& images = images_.shape;
    const std::vector<hsize_t>& depths = depths_.shape;
    if (images[1] != 3 || images[0] != depths[0] || images[2] != depths[1] ||
        images[3] != depths[2]) {
      throw Error("'images' is " + ShapeText(images) + " and 'depths' " + ShapeText(depths) +
                  ", expected [N, 3, W, H] and [N, W, H]");
    }
    if (images[0] < 1 || images[2] > INT32_MAX || images[3] > INT32_MAX) {
      throw Error("'images' is " + ShapeText(images) + ", expected at least one image");
    }
    CheckSize(static_cast<std::int64_t>(images[2]), static_cast<std::int64_t>(images[3]),
              ReadOptions());
    CheckStorage(images_.id, "'images'", 3 * images[2] * images[3]);
    CheckStorage(depths_.id, "'depths'", images[2] * images[3]);
  }

  std::size_t size() const { return images_.shape[0]; }

  // Guide and truth, in metres. Throws Error without the file's name.
  Sample Read(std::size_t i) const {
    const int width = static_cast<int>(images_.shape[2]);
    const int height = static_cast<int>(images_.shape[3]);
    const std::size_t plane = static_cast<std::size_t>(width) * height;
    std::vector<std::uint8_t> colours(3 * plane);
    std::vector<float> depths(plane);
    if (!ReadItem(images_, i, H5T_NATIVE_UINT8, colours.data()) ||
        !ReadItem(depths_, i, H5T_NATIVE_FLOAT, depths.data())) {
      throw Error("image " + std::to_string(i) + " cannot be read: the file is damaged");
    }
    Sample sample{Image(width, height, 3), Image(width, height), {}};
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const std::size_t place = static_cast<std::size_t>(x) * height + y;
        for (int c = 0; c < 3; ++c) {
          sample.guide(x, y, c) = static_cast<float>(colours[c * plane + place]) / 255.0f;
        }
        sample.truth(x, y) = depths[place];
      }
    }
    return sample;
  }

 private:
  static Handle OpenFile(const std::string& path) {
    const std::string error = "is not a MATLAB v7.3 (HDF5) file, or damaged";
    if (H5Fis_hdf5(path.c_str()) <= 0) {
      throw Error(error);
    }
    return Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, error);
  }
  static std::string ShapeText(const std::vector<hsize_t>& shape) {
    std::string text = "[";
    for (const hsize_t length : shape) {
      text += (text.size() > 1 ? ", " : "") + std::to_string(length);
    }
    return text + "]";
  }

  Handle file_;
  Array images_;
  Array depths_;
};

// A MatFile that any thread may use: each call takes HDF5's lock itself.
class LockedMatFile {
 public:
  explicit LockedMatFile(const std::string& path) {
    const Hdf5Lock lock;
    file_.emplace(path);
  }
  ~LockedMatFile() {
    const Hdf5Lock lock;
    file_.reset();
  }
  LockedMatFile(const LockedMatFile&) = delete;
  LockedMatFile& operator=(const LockedMatFile&) = delete;

  std::size_t size() const { return file_->size(); }
  Sample Read(std::size_t i) const {
    const Hdf5Lock lock;
    return file_->Read(i);
  }

 private:
  std::optional<MatFile> file_;
};

class NyuMat : public Dataset {
 public:
  NyuMat(const std::string& path, const DatasetOptions& options) : path_(path), options_(options) {
    InContext(path, [&] { file_ = std::make_unique<LockedMatFile>(path); });
    const std::size_t total = file_->size();
    first_ = options.split == "test" ? std::min(kTrainImages, total) : 0;
    const std::size_t end = options.split == "train" ? std::min(kTrainImages, total) : total;
    if (first_ == end) {
      throw Error(path + ": holds " + std::to_string(total) + " images, the split test begins at " +
                  std::to_string(kTrainImages));
    }
    for (std::size_t i = first_; i < end; ++i) {
      std::string number = std::to_string(i);
      number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
      names_.push_back(number);
    }
  }

  std::size_t size() const override { return names_.size(); }
  const std::string& Name(std::size_t i) const override { return names_[i]; }
  Sample Read(std::size_t i) const override {
    Sample sample = InContext(path_, [&] { return file_->Read(first_ + i); });
    ToUnit(sample.truth, options_);
    return sample;
  }
  std::vector<std::string> Files(std::size_t) const override { return {path_}; }

 private:
  std::string path_;
  DatasetOptions options_;
  std::unique_ptr<LockedMatFile> file_;
  std::size_t first_ = 0;  // in the file
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Dataset> OpenNyuMat(const DatasetOptions& options) {
  std::string path = options.path;
  if (IsFolder(path)) {
    path = InFolder(path, kFileName);
  }
  if (!IsThere(path)) {
    if (IsFolder(options.path)) {
      RefuseFolder(options.path, kFileName, ListFolder(options.path));
    }
    throw Error(path + ": is not there, expected " + kFileName);
  }
  return std::make_unique<NyuMat>(path, options);
}

}  // namespace dkn
