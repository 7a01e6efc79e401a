# SPDX-License-Identifier: MIT
#
# How each library of this project is linked, installed and found again. docs/linking.md is for
# those who use the result.
#
# virglcmd_library(TARGET PART EXPORTS LIST... HEADERS DIRECTORY [WITHOUT | ONLY HEADER...]
#                  [DESCRIPTION TEXT] [THREADS] [MODULE PREFIX SPEC] [REQUIRES NAME...])
#
# PART         "core", or the name of a transport: the component of find_package
# EXPORTS      files with the names of the functions that a shared library shows
# HEADERS      a folder with a folder virglcmd/ in it, less those named after WITHOUT, or those named
#              after ONLY
# THREADS      the library calls threads of the system
# MODULE       what it is linked with besides, as pkg_check_modules(PREFIX ... SPEC) found it
# REQUIRES     pkg-config names of libraries of this project that its header includes

# The number in the SONAME and in the symbol versions, of all libraries together. docs/linking.md
# says when it grows.
set(VCMD_ABI 0)

set(VCMD_KIND static)
if(BUILD_SHARED_LIBS)
  set(VCMD_KIND shared)
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(VCMD_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})
set(VCMD_CONFIG_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/virglcmd)

# A static library shows nothing to those who load what it ends up in: two drivers in one process
# may each have their own. In a shared one the linker decides, by the list.
if(NOT BUILD_SHARED_LIBS)
  set(CMAKE_C_VISIBILITY_PRESET hidden)
elseif(UNIX AND CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  add_compile_options(-fno-semantic-interposition)
endif()

# The log formats as C99 does; the old C library of Windows does not.
if(MINGW)
  add_compile_definitions(__USE_MINGW_ANSI_STDIO=1)
endif()

# Sets out to the names in the files, one a line; empty lines and those with # are for people.
function(virglcmd_read_exports out)
  set(names)
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} lines REGEX "^[^#]")
    list(APPEND names ${lines})
  endforeach()
  set(${out} ${names} PARENT_SCOPE)
endfunction()

# Makes the linker export the listed functions and no others.
function(virglcmd_export_only target)
  virglcmd_read_exports(names ${ARGN})
  set(base ${CMAKE_CURRENT_BINARY_DIR}/${target})
  if(WIN32)
    list(JOIN names "\n" lines)
    file(CONFIGURE OUTPUT ${base}.def CONTENT "EXPORTS\n${lines}\n")
    target_sources(${target} PRIVATE ${base}.def)
    if(MINGW)
      target_link_options(${target} PRIVATE -static-libgcc)
    endif()
  elseif(UNIX AND NOT APPLE)
    list(JOIN names ";\n    " lines)
    file(CONFIGURE OUTPUT ${base}.map CONTENT
      "VIRGLCMD_${VCMD_ABI} {\nglobal:\n    ${lines};\nlocal:\n    *;\n};\n")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${base}.map)
    target_link_options(${target} PRIVATE
      -Wl,--version-script=${base}.map -Wl,-Bsymbolic-functions -Wl,-z,defs)
  endif()
endfunction()

# The .pc file. It finds itself, so that a tree can be moved and packed.
function(virglcmd_pkg_config target)
  set(pc_name ${target})
  set(pc_description "${arg_DESCRIPTION}")
  if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} OR IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
    set(pc_prefix ${CMAKE_INSTALL_PREFIX})
    set(pc_libdir ${CMAKE_INSTALL_FULL_LIBDIR})
    set(pc_includedir ${CMAKE_INSTALL_FULL_INCLUDEDIR})
  else()
    file(RELATIVE_PATH up /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
    string(REGEX REPLACE "/$" "" up "${up}")
    set(pc_prefix "\${pcfiledir}/${up}")
    set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  endif()
  set(pc_libs "-L\${libdir} -l${target}")
  set(pc_libs_private)
  if(arg_THREADS AND NOT WIN32)
    set(pc_libs_private -pthread)
  endif()
  set(pc_requires ${arg_REQUIRES})
  set(pc_requires_private)
  if(arg_MODULE)
    list(GET arg_MODULE 1 pc_requires_private)
    string(REGEX REPLACE "([<>=]+)" " \\1 " pc_requires_private "${pc_requires_private}")
  endif()
  # Who has only the static library needs what it needs without asking with --static.
  if(VCMD_KIND STREQUAL static)
    list(APPEND pc_requires ${pc_requires_private})
    set(pc_requires_private)
    string(STRIP "${pc_libs} ${pc_libs_private}" pc_libs)
    set(pc_libs_private)
  endif()
  list(JOIN pc_requires ", " pc_requires)
  configure_file(${VCMD_CMAKE_DIR}/library.pc.in ${target}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${target}.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT ${development})
endfunction()

# The files for find_package: the targets, and in front of them what a static library needs.
function(virglcmd_package_files part)
  set(name virglcmd-${part}-${VCMD_KIND})
  set(part_needs)
  if(VCMD_KIND STREQUAL static)
    if(arg_THREADS AND NOT WIN32)
      string(APPEND part_needs "virglcmd_need_threads()\n")
    endif()
    if(arg_MODULE)
      list(JOIN arg_MODULE " " module)
      string(APPEND part_needs "virglcmd_need_module(${module})\n")
    endif()
  endif()
  file(CONFIGURE OUTPUT ${name}.cmake @ONLY CONTENT [[
# What the library needs, then the library itself.
@part_needs@if(virglcmd_needs_met)
  include(${CMAKE_CURRENT_LIST_DIR}/@name@-targets.cmake)
endif()
]])
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.cmake
          DESTINATION ${VCMD_CONFIG_DESTINATION} COMPONENT ${development})
  install(EXPORT ${name} FILE ${name}-targets.cmake NAMESPACE virglcmd::
          DESTINATION ${VCMD_CONFIG_DESTINATION} COMPONENT ${development})
endfunction()

function(virglcmd_library target part)
  cmake_parse_arguments(PARSE_ARGV 2 arg THREADS "HEADERS;DESCRIPTION"
                        "EXPORTS;WITHOUT;ONLY;MODULE;REQUIRES")
  set(export_name ${part})
  set(runtime ${part}-runtime)
  set(development ${part}-development)
  if(part STREQUAL core)
    set(export_name virglcmd)
    set(runtime runtime)
    set(development development)
  endif()

  add_library(virglcmd::${export_name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${export_name} VERSION ${VCMD_ABI}.${PROJECT_VERSION} SOVERSION ${VCMD_ABI})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${arg_HEADERS}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  if(BUILD_SHARED_LIBS)
    virglcmd_export_only(${target} ${arg_EXPORTS})
    if(WIN32)
      set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_NAME ${target}-${VCMD_ABI})
    endif()
  endif()
  if(NOT VCMD_INSTALL)
    return()
  endif()

  if(arg_ONLY)
    list(TRANSFORM arg_ONLY PREPEND ${arg_HEADERS}/virglcmd/)
    install(FILES ${arg_ONLY} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/virglcmd
            COMPONENT ${development})
  else()
    set(without)
    foreach(header IN LISTS arg_WITHOUT)
      list(APPEND without PATTERN ${header} EXCLUDE)
    endforeach()
    install(DIRECTORY ${arg_HEADERS}/virglcmd DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
            COMPONENT ${development} FILES_MATCHING PATTERN "*.h" ${without})
  endif()
  install(TARGETS ${target} EXPORT virglcmd-${part}-${VCMD_KIND}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${runtime}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${runtime}
            NAMELINK_COMPONENT ${development}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${development})
  virglcmd_package_files(${part})
  virglcmd_pkg_config(${target})
endfunction()

# What find_package(virglcmd) reads first. The same whatever is built, so that a static and a shared
# build can be installed into one place.
function(virglcmd_package_config)
  set(compatibility SameMajorVersion)
  if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
  endif()
  set(base ${CMAKE_CURRENT_BINARY_DIR}/virglcmd-config)
  write_basic_package_version_file(${base}-version.cmake COMPATIBILITY ${compatibility})
  configure_file(${VCMD_CMAKE_DIR}/virglcmd-config.cmake ${base}.cmake COPYONLY)
  install(FILES ${base}.cmake ${base}-version.cmake
          DESTINATION ${VCMD_CONFIG_DESTINATION} COMPONENT development)
endfunction()
