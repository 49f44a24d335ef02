# Writes OUTPUT, a C++ file whose FUNCTION gives the texts of SPECS:
# cmake -DOUTPUT=... -DFUNCTION=... -DSPECS=a;b -P EmbedSpecs.cmake
set(arrays "")
set(table "")
foreach(spec IN LISTS SPECS)
  get_filename_component(name "${spec}" NAME_WE)
  file(READ "${spec}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
    "\\1\n" bytes "${bytes}")
  string(APPEND arrays
    "const unsigned char ${name}[] = {\n${bytes}};\n")
  string(APPEND table
    "    {\"${name}\", {reinterpret_cast<const char *>(${name}), sizeof(${name})}},\n")
endforeach()
file(WRITE "${OUTPUT}.new" "// Written by models/EmbedSpecs.cmake.
#include \"models/Builtin.h\"

namespace {
${arrays}
const vitc::BuiltinSpec specs[] = {
${table}};
} // namespace

llvm::ArrayRef<vitc::BuiltinSpec> vitc::${FUNCTION}() { return specs; }
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
