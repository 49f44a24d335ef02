# vitc_add_model: compile a spec while a project is built.
#
#   vitc_add_model(TARGET
#     SPEC spec                  a JSON file, the name of a built-in spec, or a
#                                checkpoint (its folder or file)
#     [WEIGHTS file.safetensors] the checkpoint, or closed-form; left out where
#                                SPEC is one or names its own, as those that
#                                `vitc import` writes do
#     [LABELS file]              names of the classes, one in a line
#     [PREFIX prefix]            of symbols and macros (default: TARGET)
#     [CPU level]                x86-64-v3, x86-64-v4 (default: this machine's)
#     [INPUT f32|u8]
#     [OUTPUTS name...]
#     [SET name=value...]        parameters of the spec
#     [WEIGHTS_IN file|embed])
#
# Link TARGET: it brings the model's object, the directory of its header
# PREFIX.h, and the runtime. Its property VITC_WEIGHTS is the path of the weights
# file that the program opens (empty with WEIGHTS_IN embed). A change of SPEC,
# WEIGHTS or LABELS compiles it again, one of a file that SPEC names does not.

function(vitc_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg ""
    "SPEC;WEIGHTS;LABELS;PREFIX;CPU;INPUT;WEIGHTS_IN" "OUTPUTS;SET")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "vitc_add_model(${target}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SPEC)
    message(FATAL_ERROR "vitc_add_model(${target}): expected SPEC")
  endif()
  if(NOT arg_PREFIX)
    set(arg_PREFIX ${target})
  endif()

  # A spec that is a file or folder here is that, anything else a built-in name,
  # which has no weights.
  set(dependencies vitc::vitc)
  get_filename_component(spec_file "${arg_SPEC}" ABSOLUTE)
  if(EXISTS "${spec_file}")
    set(arg_SPEC "${spec_file}")
    if(IS_DIRECTORY "${spec_file}")
      file(GLOB spec_file CONFIGURE_DEPENDS
        "${spec_file}/*.json" "${spec_file}/*.safetensors")
    endif()
    list(APPEND dependencies ${spec_file})
  elseif(NOT arg_WEIGHTS)
    message(FATAL_ERROR "vitc_add_model(${target}): expected WEIGHTS")
  endif()

  set(directory "${CMAKE_CURRENT_BINARY_DIR}/vitc/${target}")
  set(stem "${directory}/${arg_PREFIX}")
  set(products "${stem}.o" "${stem}.h")
  set(weights_product "${stem}.weights")
  # Without weights vitc writes none and says so, which is no error of its own.
  set(check COMMAND test -f "${weights_product}")
  if(arg_WEIGHTS_IN STREQUAL "embed")
    set(weights_product "")
    set(check "")
  endif()
  list(APPEND products ${weights_product})

  set(options -o "${directory}" --prefix "${arg_PREFIX}")
  if(arg_WEIGHTS MATCHES "^closed-form(:.*)?$")
    list(APPEND options "--weights=${arg_WEIGHTS}")
    set(arg_WEIGHTS "")
  endif()
  foreach(option WEIGHTS LABELS)
    if(arg_${option})
      get_filename_component(file "${arg_${option}}" ABSOLUTE)
      string(TOLOWER "${option}" name)
      list(APPEND dependencies "${file}")
      list(APPEND options "--${name}" "${file}")
    endif()
  endforeach()
  if(arg_CPU)
    list(APPEND options "--cpu=${arg_CPU}")
  endif()
  if(arg_INPUT)
    list(APPEND options "--input=${arg_INPUT}")
  endif()
  if(arg_WEIGHTS_IN)
    list(APPEND options "--weights-in=${arg_WEIGHTS_IN}")
  endif()
  if(arg_OUTPUTS)
    string(REPLACE ";" "," outputs "${arg_OUTPUTS}")
    list(APPEND options "--outputs=${outputs}")
  endif()
  foreach(assignment IN LISTS arg_SET)
    list(APPEND options --set "${assignment}")
  endforeach()

  file(MAKE_DIRECTORY "${directory}")
  add_custom_command(OUTPUT ${products}
    COMMAND vitc::vitc compile "${arg_SPEC}" ${options}
    ${check}
    DEPENDS ${dependencies}
    COMMENT "Compiling the model ${target}"
    VERBATIM)
  add_custom_target(${target}_files DEPENDS ${products})

  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_files)
  target_include_directories(${target} INTERFACE "${directory}")
  target_link_libraries(${target} INTERFACE "${stem}.o" vitc::runtime)
  set_target_properties(${target} PROPERTIES VITC_WEIGHTS "${weights_product}")
endfunction()
