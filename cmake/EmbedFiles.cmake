# Text files as C++ strings, so that a program needs none of them where it runs.
#
#   dkn_embed(OUTPUT x.cpp HEADER src/a/x.h kPage=page.html "kScript=a.js b.js")
#
# writes x.cpp, which defines the `const std::string_view`s that the header declares in namespace
# dkn::a, each the contents of one file or of several behind each other.
if(CMAKE_SCRIPT_MODE_FILE)
  string(REGEX REPLACE "^src/([^/]+)/.*$" "dkn::\\1" namespace ${HEADER})
  set(text "// Written by cmake/EmbedFiles.cmake.\n#include \"${HEADER}\"\n\n// Of files beyond 64 KiB.\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\nnamespace ${namespace} {\n\n")
  foreach(entry IN LISTS ENTRIES)
    string(REGEX MATCH "^([^=]+)=(.*)$" matched "${entry}")
    set(name ${CMAKE_MATCH_1})
    string(REPLACE " " ";" files "${CMAKE_MATCH_2}")
    string(APPEND text "const std::string_view ${name} = ")
    foreach(file IN LISTS files)
      file(READ ${file} contents)
      string(APPEND text "R\"DKN_FILE(${contents})DKN_FILE\"\n")
    endforeach()
    string(APPEND text ";\n\n")
  endforeach()
  file(WRITE ${OUTPUT} "${text}}  // namespace ${namespace}\n")
  return()
endif()

function(dkn_embed)
  cmake_parse_arguments(ARG "" "OUTPUT;HEADER" "" ${ARGN})
  set(entries "")
  set(sources "")
  foreach(entry IN LISTS ARG_UNPARSED_ARGUMENTS)
    string(REGEX MATCH "^([^=]+)=(.*)$" matched "${entry}")
    set(name ${CMAKE_MATCH_1})
    string(REPLACE " " ";" files "${CMAKE_MATCH_2}")
    list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    list(APPEND sources ${files})
    string(REPLACE ";" " " files "${files}")
    list(APPEND entries "${name}=${files}")
  endforeach()
  add_custom_command(OUTPUT ${ARG_OUTPUT}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${ARG_OUTPUT} -DHEADER=${ARG_HEADER} "-DENTRIES=${entries}"
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake VERBATIM)
endfunction()
