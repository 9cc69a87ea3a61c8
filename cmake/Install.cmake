# The installed package: find_package(dkn) gives dkn::dkn, find_package(dkn COMPONENTS io) dkn::io
# too; the models lie in share/dkn/models.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dkn)
set(libraries dkn)
if(DKN_BUILD_IO)
  list(APPEND libraries dkn_io)
endif()
set_target_properties(${libraries} PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  INSTALL_RPATH "$ORIGIN")

# One set of targets for each, so that users of dkn::dkn need none of its libraries.
install(TARGETS dkn EXPORT dknTargets)
install(EXPORT dknTargets NAMESPACE dkn:: DESTINATION ${package_dir})
if(DKN_BUILD_IO)
  install(TARGETS dkn_io EXPORT dknIoTargets)
  install(EXPORT dknIoTargets NAMESPACE dkn:: DESTINATION ${package_dir})
endif()
if(TARGET dkn_cli)
  set_target_properties(dkn_cli PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
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
