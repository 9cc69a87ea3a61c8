# The installed package: find_package(dkn) gives dkn::dkn, find_package(dkn COMPONENTS io) dkn::io
# too; the models lie in share/dkn/models.
include(CMakePackageConfigHelpers)

# KIND, of the libraries: _shared, or nothing for static ones. With the components RUNTIME and
# DEVELOPMENT, those have what programs need and what who builds them needs, and a plain
# `cmake --install` neither.
function(dkn_install_package kind)
  cmake_parse_arguments(ARG "" "RUNTIME;DEVELOPMENT" "" ${ARGN})
  if(ARG_RUNTIME)
    set(runtime COMPONENT ${ARG_RUNTIME} EXCLUDE_FROM_ALL)
    set(development COMPONENT ${ARG_DEVELOPMENT} EXCLUDE_FROM_ALL)
    set(library LIBRARY COMPONENT ${ARG_RUNTIME} NAMELINK_COMPONENT ${ARG_DEVELOPMENT}
                        EXCLUDE_FROM_ALL)
  endif()
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dkn)
  set(made_dir ${PROJECT_BINARY_DIR}/package${kind})
  # One set of targets for each, so that users of dkn::dkn need none of its libraries.
  foreach(name dkn dkn_io)
    if(TARGET ${name}${kind})
      install(TARGETS ${name}${kind} EXPORT ${name}${kind}Targets ${library})
      install(EXPORT ${name}${kind}Targets NAMESPACE dkn:: DESTINATION ${package_dir}
              ${development})
      if(kind STREQUAL "_shared")
        configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${made_dir}/${name}.pc @ONLY)
        install(FILES ${made_dir}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
                ${development})
      endif()
    endif()
  endforeach()

  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/dkn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          ${development})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/dkn ${runtime})

  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/dknConfig.cmake.in
    ${made_dir}/dknConfig.cmake INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${made_dir}/dknConfigVersion.cmake
    COMPATIBILITY SameMajorVersion)
  install(FILES ${made_dir}/dknConfig.cmake ${made_dir}/dknConfigVersion.cmake
          DESTINATION ${package_dir} ${development})
endfunction()

if(BUILD_SHARED_LIBS)
  dkn_install_package(_shared)
else()
  dkn_install_package("")
  if((DKN_BUILD_TESTS OR DKN_BUILD_PACKAGES) AND NOT DKN_SANITIZE)
    # The package of BUILD_SHARED_LIBS, for tests/install and cmake/Packages.cmake.
    dkn_install_package(_shared RUNTIME libdkn DEVELOPMENT libdkn-dev)
  endif()
endif()
if(TARGET dkn_cli)
  install(TARGETS dkn_cli dkn_commands
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/${DKN_MODULE_FOLDER})
  # What `dkn serve` shows, where it was built: cmake --install BUILD --component dkn-web.
  set(DKN_WEB_PAGE ${PROJECT_BINARY_DIR}/web/dist CACHE PATH "The page that web/build.mjs made")
  install(DIRECTORY ${DKN_WEB_PAGE}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/dkn/web
          COMPONENT dkn-web EXCLUDE_FROM_ALL OPTIONAL)
endif()
