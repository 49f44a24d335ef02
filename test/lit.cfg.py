"""What every test of the suite may use.

Programs: vit-opt, vitc, FileCheck, not, count, llvm-nm, llvm-objdump.
Substitutions: %cc and %cxx (the compilers of this build), %python,
%include (the public headers), %libdir (the built libraries), %src_root.
Features: avx2, avx512, amx, where the CPU that runs the tests has them.
"""

import os
import sys

import lit.formats
from lit.llvm import llvm_config
from lit.llvm.subst import ToolSubst

config.name = "vitc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.vitc_obj_root, "test")
config.environment["FILECHECK_OPTS"] = "-enable-var-scope"

# A feature is there when the CPU reports all of its flags.
FEATURES = {
    "avx2": {"avx2", "fma", "f16c", "bmi2"},
    "avx512": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    "amx": {"amx_tile", "amx_bf16"},
}


def cpu_flags():
    """Flags of the first CPU that Linux lists; empty where it lists none."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
            for line in info:
                if line.startswith("flags"):
                    return set(line.partition(":")[2].split())
    except OSError:
        pass
    return set()


flags = cpu_flags()
config.available_features.update(
    name for name, needed in FEATURES.items() if needed <= flags
)

tool_dirs = [os.path.join(config.vitc_obj_root, "bin"), config.llvm_tools_dir]
llvm_config.with_environment("PATH", tool_dirs, append_path=True)

# VITC_CHECK_ROUNDTRIP=1 has vit-opt print and reparse every input of the suite.
roundtrip = os.environ.get("VITC_CHECK_ROUNDTRIP", "0") not in ("", "0")
vit_opt_args = ["--verify-roundtrip"] if roundtrip else []

tools = [
    ToolSubst("vit-opt", extra_args=vit_opt_args, unresolved="fatal"),
    # Not a path: the name is also a directory of headers.
    ToolSubst("vitc", post="-./", unresolved="ignore"),
    ToolSubst("FileCheck", unresolved="fatal"),
    ToolSubst("not", unresolved="fatal"),
    "count",
    "llvm-nm",
    "llvm-objdump",
]
llvm_config.add_tool_substitutions(tools, tool_dirs)

config.substitutions += [
    ("%cc", config.c_compiler),
    ("%cxx", config.cxx_compiler),
    ("%python", sys.executable),
    ("%include", os.path.join(config.vitc_src_root, "runtime", "include")),
    ("%libdir", os.path.join(config.vitc_obj_root, "lib")),
    ("%src_root", config.vitc_src_root),
]
