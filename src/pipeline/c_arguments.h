#ifndef DKN_SRC_PIPELINE_C_ARGUMENTS_H_
#define DKN_SRC_PIPELINE_C_ARGUMENTS_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "dkn/dkn.h"
#include "dkn/error.h"
#include "dkn/frame.h"
#include "dkn/joint_filter.h"
#include "dkn/model.h"
#include "dkn/upsampler.h"

// What the functions of dkn.h share: checks of what C hands in, and the way of errors back.
namespace dkn {

// What dkn_last_error tells from now on in this thread.
void SetLastError(const char* text) noexcept;

// Calls body and gives DKN_OK, or the status of what it throws, whose text becomes the last error.
template <typename Body>
dkn_status Guarded(const Body& body) noexcept {
  const auto fail = [](dkn_status status, const char* text) {
    SetLastError(text);
    return status;
  };
  try {
    body();
    return DKN_OK;
  } catch (const ArgumentError& error) {
    return fail(DKN_ERROR_ARGUMENT, error.what());
  } catch (const MethodError& error) {
    return fail(DKN_ERROR_METHOD, error.what());
  } catch (const MemoryError& error) {
    return fail(DKN_ERROR_MEMORY, error.what());
  } catch (const CancelledError& error) {
    return fail(DKN_ERROR_CANCELLED, error.what());
  } catch (const Error& error) {
    return fail(DKN_ERROR_INPUT, error.what());
  } catch (const std::bad_alloc&) {
    return fail(DKN_ERROR_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return fail(DKN_ERROR_INTERNAL, error.what());
  } catch (...) {
    return fail(DKN_ERROR_INTERNAL, "an exception of unknown type");
  }
}

// Throws ArgumentError where it is NULL.
template <typename T>
T& NotNull(T* pointer, const char* name) {
  if (pointer == nullptr) {
    throw ArgumentError(std::string(name) + " is NULL");
  }
  return *pointer;
}

// A structure, whose first member is its size, from a program that was built with this version of
// it, an older one (what that lacks is 0) or a newer one (what only that has must be 0). NULL: all
// 0. Throws ArgumentError for a size that none has and for members that are not known.
template <typename T>
T KnownPart(const T* given, const char* name) {
  constexpr std::size_t kLargest = 4096;
  T known{};
  if (given == nullptr) {
    return known;
  }
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size <= sizeof size || size > kLargest || size % alignof(T) != 0) {
    throw ArgumentError(std::string(name) + ".struct_size is " + std::to_string(size) +
                        ", expected sizeof of the structure, " + std::to_string(sizeof(T)));
  }
  std::memcpy(&known, given, std::min(size, sizeof known));
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  if (size > sizeof known && std::any_of(bytes + sizeof known, bytes + size,
                                         [](unsigned char byte) { return byte != 0; })) {
    throw ArgumentError(std::string(name) + " sets what this version of the library does not know");
  }
  return known;
}

// What KnownPart has read, back into the program's structure, as far as that goes.
template <typename T>
void ReturnPart(const T& known, T* given) {
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  std::memcpy(given, &known, std::min(size, sizeof known));
}

// Throws ArgumentError where the frame is NULL or malformed; see dkn_frame.
Frame FrameFrom(const dkn_frame* frame, const char* name);

// A network's options, and "radius=2,epsilon=0.01", NULL for none. Throw Error, naming the field of
// `options`.
NetworkOptions NetworkFrom(int precision, int max_memory_mb, double max_rmse_change_percent);
FilterSettings SettingsFrom(const char* text);

// Throws Error unless the frame has the size of another and this many channels.
void CheckSize(const Frame& frame, const char* name, const Frame& size, int channels);

// What C's options say. Throw ArgumentError for unknown choices and what is out of range.
UpsamplerOptions OptionsFrom(const dkn_upsampler_options* options);

// With UpsampleOptions::same_size; an empty mask where there is none.
struct FilterChoice {
  UpsamplerOptions options;
  Frame mask;
};
FilterChoice OptionsFrom(const dkn_filter_options* options);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_C_ARGUMENTS_H_
