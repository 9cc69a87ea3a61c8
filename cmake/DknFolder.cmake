# One target per folder of src: its sources are compiled once, as objects, and `LIBRARY` (dkn or
# dkn_io) is made of the objects of its folders; without it the folder is a library of its own,
# dkn_<folder>. LINK names what the folder uses. x_test.cpp and x_bench.cpp stand beside x.cpp.
#
#   dkn_folder(core LIBRARY dkn SOURCES image.cpp TESTS image_test.cpp BENCHES image_bench.cpp)
#
# With DKN_COMPILE_TOGETHER the files of sources and tests are compiled several as one, but for those
# that ALONE names (dkn_compile_together) and, with APART, the sources.

# Flags of every target of ours: warnings, sanitizers, and the two include roots ("dkn/x.h" is
# public, "src/folder/x.h" is not).
function(dkn_compile_settings target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    # One rounding per operation, as x86-64 has without FMA. Vectors of a size that the compiler does
    # not know can be no members: NEON instead of SVE.
    target_compile_options(${target} PRIVATE -ffp-contract=off)
    target_compile_definitions(${target} PRIVATE
      "HWY_DISABLED_TARGETS=(HWY_SVE|HWY_SVE2|HWY_SVE_256|HWY_SVE2_128)")
  endif()
  if(DKN_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${DKN_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${DKN_SANITIZE})
  endif()
endfunction()

# For what parses, calls and prints, and for tests, where there are tests to wait for: code that need
# not be fast takes half the time to compile. The libraries are compiled as the build type says.
function(dkn_compile_quickly target)
  if(DKN_BUILD_TESTS)
    # With -O1, g++ 12 warns wrongly of copies within std::string's operators (GCC bug 105651).
    target_compile_options(${target} PRIVATE
      $<$<NOT:$<CONFIG:Debug>>:-O1>
      $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>)
  endif()
endfunction()

# Headers of others that many files of `target` include, compiled once; the arguments are those of
# target_precompile_headers. Not where a compiler's launcher is set: ccache, as it is by default,
# keeps nothing that uses them. That each file includes what it needs is seen there, and by the
# presets that leave this out.
function(dkn_precompile target)
  if(DKN_PRECOMPILE_HEADERS AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    target_precompile_headers(${target} ${ARGN})
  endif()
endfunction()

# The files of `target` compiled several as one, as headers take most of a compiler's time: a build from
# nothing takes half of it, one after a single change longer. Those of ALONE are compiled alone: what
# Highway compiles for each instruction set, once in a compilation, and what has names of another
# file's unnamed namespace. That each file includes what it needs, the presets without this see.
function(dkn_compile_together target)
  cmake_parse_arguments(ARG "" "" "ALONE" ${ARGN})
  if(DKN_COMPILE_TOGETHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON)
    set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
endfunction()

# A library of users: NAME, static, for our own programs, and NAME_shared, which shows what is public;
# dkn::EXPORT_NAME is the one that BUILD_SHARED_LIBS asks for. The other, if shared, is for a test.
function(dkn_library name)
  cmake_parse_arguments(ARG "" "EXPORT_NAME" "" ${ARGN})
  add_library(${name} STATIC)
  add_library(${name}_shared SHARED)
  foreach(target ${name} ${name}_shared)
    target_include_directories(${target} INTERFACE
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_compile_features(${target} INTERFACE cxx_std_20)
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${ARG_EXPORT_NAME})
  endforeach()
  set_target_properties(${name}_shared PROPERTIES
    OUTPUT_NAME ${name} VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} INSTALL_RPATH "$ORIGIN")
  if(BUILD_SHARED_LIBS)
    add_library(dkn::${ARG_EXPORT_NAME} ALIAS ${name}_shared)
  else()
    add_library(dkn::${ARG_EXPORT_NAME} ALIAS ${name})
    if(DKN_SANITIZE OR NOT (DKN_BUILD_TESTS OR DKN_BUILD_PACKAGES))
      set_target_properties(${name}_shared PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
  endif()
  if(NOT DKN_SANITIZE)
    target_link_options(${name}_shared PRIVATE -Wl,--no-undefined)
  endif()
endfunction()

# A test program: prints one line per test for ctest, knows where the sources and shared data lie.
function(dkn_test target)
  cmake_parse_arguments(ARG "" "" "SOURCES;ALONE;LIBRARIES" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  dkn_compile_together(${target} ALONE ${ARG_ALONE})
  dkn_compile_settings(${target})
  dkn_compile_quickly(${target})
  target_compile_definitions(${target} PRIVATE DKN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES} OpenMP::OpenMP_CXX GTest::gmock
                                          GTest::gtest_main nlohmann_json::nlohmann_json)
  # Once for all test programs but that with LibTorch, whose flags differ.
  if(NOT dkn_torch IN_LIST ARG_LIBRARIES)
    if(NOT TARGET dkn_test_headers)
      file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/test_headers.cpp CONTENT "")
      add_library(dkn_test_headers OBJECT ${PROJECT_BINARY_DIR}/test_headers.cpp)
      dkn_compile_settings(dkn_test_headers)
      dkn_compile_quickly(dkn_test_headers)
      set_target_properties(dkn_test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(dkn_test_headers PRIVATE -fPIE)  # as programs have, not -fPIC
      target_link_libraries(dkn_test_headers PRIVATE OpenMP::OpenMP_CXX GTest::gmock GTest::gtest)
      dkn_precompile(dkn_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    endif()
    dkn_precompile(${target} REUSE_FROM dkn_test_headers)
  endif()
  add_test(NAME ${target} COMMAND ${target})
  set_tests_properties(${target} PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

function(dkn_folder folder)
  cmake_parse_arguments(ARG "APART" "LIBRARY" "SOURCES;TESTS;BENCHES;ALONE;LINK" ${ARGN})
  set(objects dkn_${folder}_objects)
  if(NOT ARG_LIBRARY)
    set(ARG_LIBRARY dkn_${folder})
    add_library(${ARG_LIBRARY} STATIC)
    target_link_libraries(${ARG_LIBRARY} PUBLIC ${ARG_LINK} PRIVATE OpenMP::OpenMP_CXX)
  endif()
  add_library(${objects} OBJECT ${ARG_SOURCES})
  dkn_compile_settings(${objects})
  if(NOT ARG_APART)
    dkn_compile_together(${objects} ALONE ${ARG_ALONE})
  endif()
  target_link_libraries(${objects} PRIVATE OpenMP::OpenMP_CXX nlohmann_json::nlohmann_json
                                           ${ARG_LINK})
  target_sources(${ARG_LIBRARY} PRIVATE $<TARGET_OBJECTS:${objects}>)
  if(TARGET ${ARG_LIBRARY}_shared)
    target_sources(${ARG_LIBRARY}_shared PRIVATE $<TARGET_OBJECTS:${objects}>)
  endif()
  if(DKN_SANITIZE)
    target_link_options(${ARG_LIBRARY} PRIVATE -fsanitize=${DKN_SANITIZE})
  endif()
  if(DKN_BUILD_TESTS AND ARG_TESTS)
    dkn_test(dkn_${folder}_test SOURCES ${ARG_TESTS} ALONE ${ARG_ALONE} LIBRARIES ${ARG_LIBRARY} ${ARG_LINK})
  endif()
  if(DKN_BUILD_BENCHMARKS AND ARG_BENCHES)
    add_executable(dkn_${folder}_bench ${ARG_BENCHES})
    dkn_compile_settings(dkn_${folder}_bench)
    target_link_libraries(dkn_${folder}_bench PRIVATE
      ${ARG_LIBRARY} ${ARG_LINK} OpenMP::OpenMP_CXX benchmark::benchmark_main)
  endif()
endfunction()
