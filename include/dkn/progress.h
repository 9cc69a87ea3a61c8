#ifndef DKN_PROGRESS_H_
#define DKN_PROGRESS_H_

#include <functional>

namespace dkn {

// What work that takes long calls now and then, on the thread that asked for the work, with the
// share that is done: from 0 to 1, never less than before. Where it returns false the work ends and
// throws CancelledError. Empty: nobody is told.
using Progress = std::function<bool(double done)>;

}  // namespace dkn

#endif  // DKN_PROGRESS_H_
