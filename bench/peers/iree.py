"""IREE: a module that its compiler made for this CPU, weights inside."""

import subprocess
import sys
from pathlib import Path

import settings
from networks import load_network

SETTINGS = settings.PEERS["iree"]


def prepare(name, weights, images, threads, directory):
    from peers import onnx_file

    def run(program, *arguments):
        path = Path(sys.executable).parent / program
        subprocess.run([path, *arguments], check=True)

    onnx, mlir = directory / "model.onnx", directory / "model.mlir"
    onnx_file.write(load_network(name, weights), images, onnx)
    run("iree-import-onnx", onnx, "-o", mlir)
    run("iree-compile", mlir, *SETTINGS["flags"], "-o", directory / "model.vmfb")
    for file in [mlir, *directory.glob("model.onnx*")]:
        file.unlink()


def load(name, weights, images, threads, directory):
    import iree.runtime as rt

    rt.flags.parse_flags(
        f"--task_topology_group_count={threads}", *SETTINGS["runtime_flags"]
    )
    driver = SETTINGS["drivers"].get(threads, SETTINGS["drivers"]["more"])
    config = rt.Config(driver)
    module = rt.load_vm_module(
        rt.VmModule.mmap(config.vm_instance, str(directory / "model.vmfb")), config
    )
    main = module["main_graph"]

    def run(array):
        return main(array).to_host()

    return run
