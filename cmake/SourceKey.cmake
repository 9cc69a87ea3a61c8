# Writes OUTPUT, which defines dkn::eval::kSourceKey (src/eval/result_store.h). The first line of LIST
# tells the compiler, the second the files under ROOT; where ROOT lies does not count.
file(STRINGS ${LIST} lines)
list(POP_FRONT lines text)
foreach(file IN LISTS lines)
  file(SHA256 ${file} hash)
  file(RELATIVE_PATH name ${ROOT} ${file})
  string(APPEND text "\n${name} ${hash}")
endforeach()
string(SHA256 key "${text}")
file(WRITE ${OUTPUT} "// Written by cmake/SourceKey.cmake.
#include \"src/eval/result_store.h\"

namespace dkn::eval {

const char kSourceKey[] = \"${key}\";

}  // namespace dkn::eval
")
