"""PyTorch's compiler, inductor, ahead of time: a package with frozen weights.

Its code is that of torch.compile with the same settings and ran as fast; but a
process loads it in a second instead of compiling for half a minute, which
torch.compile does in every process, since frozen weights rule its cache out.
"""

import settings
from networks import load_network

SETTINGS = settings.PEERS["inductor"]


def prepare(name, weights, images, threads, directory):
    import torch

    torch.set_num_threads(threads)  # goes into the code
    network = load_network(name, weights)
    example = torch.zeros(images, *settings.INPUT_SHAPE)
    with torch.inference_mode():
        program = torch.export.export(network, (example,))
    torch._inductor.aoti_compile_and_package(
        program,
        package_path=str(directory / "model.pt2"),
        inductor_configs=SETTINGS["config"],
    )


def load(name, weights, images, threads, directory):
    import torch

    torch.set_num_threads(threads)
    # aoti_load_package makes this object too, but imports the compiler first.
    model = torch._C._aoti.AOTIModelPackageLoader(
        str(directory / "model.pt2"), "model", False, 1, -1
    )

    def run(array):
        with torch.inference_mode():
            return model.run([torch.from_numpy(array)])[0].numpy()

    return run
