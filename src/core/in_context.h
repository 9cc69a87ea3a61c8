#ifndef DKN_SRC_CORE_IN_CONTEXT_H_
#define DKN_SRC_CORE_IN_CONTEXT_H_

#include <string>

#include "dkn/error.h"

namespace dkn {

// Gives what work() returns. Errors of it begin with what they are about, a file mostly, and a
// colon, and keep their kind.
template <typename Work>
auto InContext(const std::string& context, const Work& work) {
  try {
    return work();
  } catch (const CancelledError&) {
    throw;
  } catch (const MemoryError& error) {
    throw MemoryError(context + ": " + error.what());
  } catch (const MethodError& error) {
    throw MethodError(context + ": " + error.what());
  } catch (const ArgumentError& error) {
    throw ArgumentError(context + ": " + error.what());
  } catch (const Error& error) {
    throw Error(context + ": " + error.what());
  }
}

// Gives what work() returns. An Error of it that is of no particular kind becomes a Kind: a
// MethodError where a method is made, an ArgumentError where what the calling program wrote is
// read.
template <typename Kind, typename Work>
auto ErrorsAs(const Work& work) {
  try {
    return work();
  } catch (const CancelledError&) {
    throw;
  } catch (const MemoryError&) {
    throw;
  } catch (const MethodError&) {
    throw;
  } catch (const ArgumentError&) {
    throw;
  } catch (const Error& error) {
    throw Kind(error.what());
  }
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_IN_CONTEXT_H_
