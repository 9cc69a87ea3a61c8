# The installed package: find_package(dkn) gives dkn::dkn, find_package(dkn COMPONENTS io) dkn::io
# too; the models lie in share/dkn/models.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dkn)
if(BUILD_SHARED_LIBS)
  set(kind _shared)
endif()

# One set of targets for each, so that users of dkn::dkn need none of its libraries.
install(TARGETS dkn${kind} EXPORT dknTargets)
install(EXPORT dknTargets NAMESPACE dkn:: DESTINATION ${package_dir})
if(DKN_BUILD_IO)
  install(TARGETS dkn_io${kind} EXPORT dknIoTargets)
  install(EXPORT dknIoTargets NAMESPACE dkn:: DESTINATION ${package_dir})
endif()
if(TARGET dkn_cli)
  install(TARGETS dkn_cli)
endif()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/dkn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/dkn)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/dknConfig.cmake.in
  ${PROJECT_BINARY_DIR}/dknConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/dknConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/dknConfig.cmake ${PROJECT_BINARY_DIR}/dknConfigVersion.cmake
        DESTINATION ${package_dir})
