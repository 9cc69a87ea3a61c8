# `cpack` in the build folder makes Debian packages of what is built there:
#   libdkn       the shared libraries, and the models
#   libdkn-dev   headers, CMake's and pkg-config's files
#   dkn          the command, its man pages and completion
#   dkn-train    the training, likewise, with DKN_BUILD_TRAIN
#   python3-dkn  the package for Debian's Python
#   dkn-web      the page that `dkn serve` shows, where it was built (DKN_WEB_PAGE) when cpack runs
# Each is a component of rules that a plain `cmake --install` leaves out; the first two are those of
# cmake/Install.cmake.
if(BUILD_SHARED_LIBS OR NOT (DKN_BUILD_IO AND DKN_BUILD_PYTHON))
  message(FATAL_ERROR "DKN_BUILD_PACKAGES needs DKN_BUILD_IO and DKN_BUILD_PYTHON, and no "
                      "BUILD_SHARED_LIBS: the command has the library in it")
endif()
set(commands dkn)
if(DKN_BUILD_TRAIN)
  list(APPEND commands dkn-train)
endif()
set(packages libdkn libdkn-dev ${commands} python3-dkn)

# The pages of the commands, made anew when a command is.
set(pages ${PROJECT_BINARY_DIR}/pages)
string(REPLACE "-" "_" programs "${commands}")
list(TRANSFORM programs APPEND _cli)
list(TRANSFORM programs REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE program_files)
add_custom_command(OUTPUT ${pages}/made
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
  COMMAND ${DKN_PYTHON} -B ${PROJECT_SOURCE_DIR}/scripts/command_pages.py ${pages} ${DKN_VERSION}
          ${program_files}
  COMMAND ${CMAKE_COMMAND} -E touch ${pages}/made
  DEPENDS ${programs} ${PROJECT_SOURCE_DIR}/scripts/command_pages.py VERBATIM)
add_custom_target(dkn_pages ALL DEPENDS ${pages}/made)

foreach(package IN LISTS commands)
  string(REPLACE "-" "_" target ${package}_cli)
  install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
          COMPONENT ${package} EXCLUDE_FROM_ALL)
  install(FILES ${pages}/completions/${package} COMPONENT ${package} EXCLUDE_FROM_ALL
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endforeach()
install(TARGETS dkn_commands LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/${DKN_MODULE_FOLDER}
        COMPONENT dkn EXCLUDE_FROM_ALL)
install(DIRECTORY ${pages}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT dkn EXCLUDE_FROM_ALL
        PATTERN dkn-train*.1 EXCLUDE)
if(DKN_BUILD_TRAIN)
  install(FILES ${pages}/man1/dkn-train.1 ${pages}/man1/dkn-train-sweep.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
          COMPONENT dkn-train EXCLUDE_FROM_ALL)
endif()

# Debian's Python finds it here; its models are those of libdkn.
set(python lib/python3/dist-packages)
install(TARGETS _dkn _eval LIBRARY DESTINATION ${python}/dkn/lib
        COMPONENT python3-dkn EXCLUDE_FROM_ALL)
install(DIRECTORY bindings/python/dkn DESTINATION ${python} COMPONENT python3-dkn EXCLUDE_FROM_ALL
        FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN "py.typed"
        PATTERN __pycache__ EXCLUDE)
install(CODE "
  set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${python}/dkn/share/dkn\")
  file(MAKE_DIRECTORY \${folder})
  file(CREATE_LINK ../../../../../../${CMAKE_INSTALL_DATADIR}/dkn/models \${folder}/models SYMBOLIC)"
  COMPONENT python3-dkn EXCLUDE_FROM_ALL)
foreach(script postinst prerm)
  configure_file(cmake/python3-dkn.${script} ${PROJECT_BINARY_DIR}/packaging/${script}
                 FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                  WORLD_READ WORLD_EXECUTE COPYONLY)
endforeach()
foreach(package IN LISTS packages)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} RENAME copyright
          COMPONENT ${package} EXCLUDE_FROM_ALL)
endforeach()

install(FILES ${DKN_WEB_PAGE}/LICENSES.txt DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/dkn-web
        RENAME copyright COMPONENT dkn-web EXCLUDE_FROM_ALL OPTIONAL)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/packaging/at_work.cmake @ONLY CONTENT
     "if(EXISTS \"@DKN_WEB_PAGE@/index.html\")\n  list(APPEND CPACK_COMPONENTS_ALL dkn-web)\nendif()\n")
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/packaging/at_work.cmake)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL ${packages})
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "DKN <dkn@localhost>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
string(REPLACE "-" "~" CPACK_DEBIAN_PACKAGE_VERSION ${DKN_VERSION})  # before 1.0.0
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
set(same "libdkn (= ${CPACK_DEBIAN_PACKAGE_VERSION})")
# NAME, section, what it depends on beside the libraries that its programs name, and what it is.
function(dkn_package name section depends summary)
  string(TOUPPER ${name} NAME)
  foreach(field PACKAGE_NAME=${name} PACKAGE_SECTION=${section} PACKAGE_DEPENDS=${depends}
                DESCRIPTION=${summary} PACKAGE_SHLIBDEPS=ON ${ARGN})
    string(REGEX MATCH "^([^=]+)=(.*)$" matched "${field}")
    set(CPACK_DEBIAN_${NAME}_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}" PARENT_SCOPE)
  endforeach()
endfunction()
dkn_package(libdkn libs "" "joint image filtering with learned kernels: library and models")
dkn_package(libdkn-dev libdevel "${same}" "joint image filtering with learned kernels: development"
            PACKAGE_SHLIBDEPS=OFF)
dkn_package(dkn graphics "${same}" "sharp depth maps from poor ones and a picture"
            PACKAGE_SUGGESTS=dkn-web)
dkn_package(dkn-web graphics "" "sharp depth maps in the browser: the page of dkn serve"
            PACKAGE_SHLIBDEPS=OFF PACKAGE_ARCHITECTURE=all PACKAGE_SUGGESTS=dkn)
dkn_package(dkn-train graphics "" "trains the networks of dkn")
dkn_package(python3-dkn python "${same}, python3 (>= 3.11), python3 (<< 3.12), python3-numpy"
            "joint image filtering with learned kernels: Python" PACKAGE_SUGGESTS=python3-distributed)
set(CPACK_DEBIAN_PYTHON3-DKN_PACKAGE_CONTROL_EXTRA
    "${PROJECT_BINARY_DIR}/packaging/postinst;${PROJECT_BINARY_DIR}/packaging/prerm")
include(CPack)
