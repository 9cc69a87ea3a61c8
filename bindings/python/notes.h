#ifndef DKN_BINDINGS_PYTHON_NOTES_H_
#define DKN_BINDINGS_PYTHON_NOTES_H_

#include <string>
#include <vector>

#include "bindings/python/arrays.h"
#include "dkn/upsampler.h"

namespace dkn::python {

// A message of the library, with the arguments of Python where it names the command's options:
// "(--max-memory)" becomes "(max_memory)".
std::string WithArguments(const std::string& text);

// What `dkn upsample` tells on standard error of a frame and of what was chosen for it. `invalid`
// is the argument, empty where there was none.
void AddFindings(const UpsampledFrame& found, const ConstFrame& target, const std::string& invalid,
                 std::vector<Note>& notes);
// Of a target of another shape than the guide.
void AddShape(int guide_width, int guide_height, const ConstFrame& target,
              const Placement& placement, std::vector<Note>& notes);
void AddChoices(const std::vector<MethodChoice>& choices, const std::string& used,
                std::vector<Note>& notes);

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_NOTES_H_
