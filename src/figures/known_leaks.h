#ifndef DKN_SRC_FIGURES_KNOWN_LEAKS_H_
#define DKN_SRC_FIGURES_KNOWN_LEAKS_H_

// What the leak sanitizer is not to report, for one file of each program that draws: Fontconfig
// keeps its patterns for as long as the process lives and points to their parts by offsets, which
// the sanitizer cannot follow. It asks the program for these, not the modules that one loads.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
extern "C" const char* __lsan_default_suppressions() {  // NOLINT: the sanitizer's name
  return "leak:libfontconfig";
}
extern "C" const char* __lsan_default_options() {  // NOLINT
  return "print_suppressions=0";                   // the command's standard error stays as it is
}
#endif
#endif

#endif  // DKN_SRC_FIGURES_KNOWN_LEAKS_H_
