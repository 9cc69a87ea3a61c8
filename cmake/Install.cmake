# The installed package: find_package(dkn) gives dkn::dkn, find_package(dkn COMPONENTS io) dkn::io
# too; the models lie in share/dkn/models.
include(CMakePackageConfigHelpers)

# KIND, of the libraries: _shared, or nothing for static ones. What follows it goes to every
# install().
function(dkn_install_package kind)
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dkn)
  set(made_dir ${PROJECT_BINARY_DIR}/package${kind})
  # One set of targets for each, so that users of dkn::dkn need none of its libraries.
  install(TARGETS dkn${kind} EXPORT dkn${kind}Targets ${ARGN})
  install(EXPORT dkn${kind}Targets NAMESPACE dkn:: DESTINATION ${package_dir} ${ARGN})
  if(DKN_BUILD_IO)
    install(TARGETS dkn_io${kind} EXPORT dkn_io${kind}Targets ${ARGN})
    install(EXPORT dkn_io${kind}Targets NAMESPACE dkn:: DESTINATION ${package_dir} ${ARGN})
  endif()

  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/dkn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${ARGN})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/dkn ${ARGN})

  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/dknConfig.cmake.in
    ${made_dir}/dknConfig.cmake INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${made_dir}/dknConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${made_dir}/dknConfig.cmake ${made_dir}/dknConfigVersion.cmake
          DESTINATION ${package_dir} ${ARGN})
endfunction()

if(BUILD_SHARED_LIBS)
  dkn_install_package(_shared)
else()
  dkn_install_package("")
  if(DKN_BUILD_TESTS AND NOT DKN_SANITIZE)
    # The package of BUILD_SHARED_LIBS, for tests/install: `cmake --install DIR --component shared`.
    dkn_install_package(_shared COMPONENT shared EXCLUDE_FROM_ALL)
  endif()
endif()
if(TARGET dkn_cli)
  install(TARGETS dkn_cli)
endif()
