#ifndef DKN_BINDINGS_PYTHON_UPSAMPLER_H_
#define DKN_BINDINGS_PYTHON_UPSAMPLER_H_

#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bindings/python/arrays.h"
#include "bindings/python/thread_count.h"
#include "dkn/error.h"
#include "dkn/upsampler.h"

namespace dkn::python {

// Threads take turns; one that has its turn and asks for another one, as a function that is told of
// the progress may, would wait for itself and gets an ArgumentError.
class Turns {
 public:
  std::unique_lock<std::mutex> Take() {
    if (whose_ == std::this_thread::get_id()) {
      throw ArgumentError(
          "the Upsampler is at work, and its progress function uses it; expected another one, as "
          "sibling() made before");
    }
    return std::unique_lock<std::mutex>(mutex_);
  }

  // Whose turn it is while this lives; the thread has taken it.
  class Mark {
   public:
    explicit Mark(Turns& turns) : turns_(turns) { turns_.whose_ = std::this_thread::get_id(); }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;
    ~Mark() { turns_.whose_ = std::thread::id(); }

   private:
    Turns& turns_;
  };

 private:
  std::mutex mutex_;
  std::atomic<std::thread::id> whose_;
};

// An Upsampler for Python. Several threads may call one: they wait for each other, without the GIL.
class PythonUpsampler {
 public:
  // By the names of Python's arguments (dkn/__init__.py), all of them there.
  explicit PythonUpsampler(const pybind11::dict& arguments);

  PythonUpsampler Sibling();
  void SetGuide(const pybind11::array& guide, const std::string& order);
  // What was told of the guide.
  pybind11::list GuideNotes() const;
  // A dict of what UpsampledFrame has; see dkn/__init__.py.
  pybind11::dict Upsample(const pybind11::array& target, const pybind11::object& mask);
  pybind11::list Choices() const;
  void FreeMemory();

 private:
  PythonUpsampler(const PythonUpsampler& other, Upsampler upsampler);

  Upsampler upsampler_;
  std::unique_ptr<Turns> turns_ = std::make_unique<Turns>();  // with the upsampler
  int threads_ = 0;
  std::string packed_;
  ChannelOrder order_;  // of targets that are their own guides
  std::string invalid_;
  std::vector<Note> guide_notes_;
  int guide_width_ = 0;
  int guide_height_ = 0;
};

// As a list of (kind, is a warning, text).
pybind11::list ListOf(const std::vector<Note>& notes);

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_UPSAMPLER_H_
