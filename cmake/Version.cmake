# The version, which include/dkn/dkn.h defines and nothing else does: DKN_VERSION_NUMBERS, "1.0.0", and
# DKN_VERSION, "1.0.0-rc1" before a release and then the same.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS include/dkn/dkn.h)
file(STRINGS include/dkn/dkn.h lines REGEX "^#define DKN_VERSION_(MAJOR|MINOR|PATCH|SUFFIX) ")
foreach(part MAJOR MINOR PATCH SUFFIX)
  string(REGEX MATCH "DKN_VERSION_${part} \"?([^;\"]*)" matched "${lines}")
  set(DKN_VERSION_${part} "${CMAKE_MATCH_1}")
endforeach()
set(DKN_VERSION_NUMBERS ${DKN_VERSION_MAJOR}.${DKN_VERSION_MINOR}.${DKN_VERSION_PATCH})
set(DKN_VERSION ${DKN_VERSION_NUMBERS}${DKN_VERSION_SUFFIX})
