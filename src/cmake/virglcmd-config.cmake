# SPDX-License-Identifier: MIT
#
# find_package(virglcmd [VERSION] [COMPONENTS TRANSPORT... [static | shared]])
#
# gives the target virglcmd::virglcmd, and virglcmd::TRANSPORT for each transport that is asked for.
# static and shared choose between the two where both are installed; without them it is what an
# earlier call has found, else the shared library if there is one. One project has one kind.

set(virglcmd_kind)
set(virglcmd_parts core)
foreach(component IN LISTS virglcmd_FIND_COMPONENTS)
  if(component MATCHES "^(static|shared)$")
    set(virglcmd_kind ${component})
  else()
    list(APPEND virglcmd_parts ${component})
  endif()
endforeach()
if(TARGET virglcmd::virglcmd)
  get_target_property(virglcmd_there virglcmd::virglcmd TYPE)
  string(REGEX REPLACE "_LIBRARY$" "" virglcmd_there "${virglcmd_there}")
  string(TOLOWER "${virglcmd_there}" virglcmd_there)
  if(virglcmd_kind AND NOT virglcmd_kind STREQUAL virglcmd_there)
    set(virglcmd_NOT_FOUND_MESSAGE "virglcmd::virglcmd is ${virglcmd_there} here since an earlier \
find_package, and two kinds of it cannot be mixed. Ask for ${virglcmd_kind} in the first one.")
    set(virglcmd_FOUND OFF)
    return()
  endif()
  set(virglcmd_kind ${virglcmd_there})
elseif(NOT virglcmd_kind)
  set(virglcmd_kind static)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/virglcmd-core-shared.cmake)
    set(virglcmd_kind shared)
  endif()
endif()

# What static libraries need. Each says why and clears virglcmd_needs_met where it is not there.
macro(virglcmd_need_threads)
  set(THREADS_PREFER_PTHREAD_FLAG ON)
  find_package(Threads QUIET)
  if(NOT TARGET Threads::Threads)
    set(virglcmd_needs_met OFF)
    set(virglcmd_NOT_FOUND_MESSAGE "virglcmd needs threads, and CMake's FindThreads finds none.")
  endif()
endmacro()

macro(virglcmd_need_module prefix spec)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND AND NOT TARGET PkgConfig::${prefix})
    pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${spec})
  endif()
  if(NOT TARGET PkgConfig::${prefix})
    set(virglcmd_needs_met OFF)
    set(virglcmd_NOT_FOUND_MESSAGE "virglcmd is static here and needs ${spec} through pkg-config.")
  endif()
endmacro()

foreach(component IN LISTS virglcmd_parts)
  set(virglcmd_${component}_FOUND OFF)
  set(virglcmd_file ${CMAKE_CURRENT_LIST_DIR}/virglcmd-${component}-${virglcmd_kind}.cmake)
  set(virglcmd_needs_met ON)
  if(EXISTS ${virglcmd_file})
    include(${virglcmd_file})
    set(virglcmd_${component}_FOUND ${virglcmd_needs_met})
  else()
    set(virglcmd_NOT_FOUND_MESSAGE
        "virglcmd has no ${virglcmd_kind} library \"${component}\" installed here.")
  endif()
  if(NOT virglcmd_${component}_FOUND AND
     (component STREQUAL core OR virglcmd_FIND_REQUIRED_${component}))
    set(virglcmd_FOUND OFF)
    return()
  endif()
endforeach()
set(virglcmd_${virglcmd_kind}_FOUND ON)
