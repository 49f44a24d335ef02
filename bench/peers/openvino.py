"""OpenVINO's CPU plugin, from its own format with weights in f32."""

import settings
from networks import load_network

SETTINGS = settings.PEERS["openvino"]


def prepare(name, weights, images, threads, directory):
    import openvino
    import torch

    example = torch.zeros(images, *settings.INPUT_SHAPE)
    model = openvino.convert_model(
        load_network(name, weights), example_input=example, input=[list(example.shape)]
    )
    openvino.save_model(model, directory / "model.xml", compress_to_fp16=False)


def load(name, weights, images, threads, directory):
    import openvino

    compiled = openvino.Core().compile_model(
        directory / "model.xml",
        "CPU",
        {**SETTINGS["config"], "INFERENCE_NUM_THREADS": str(threads)},
    )
    request = compiled.create_infer_request()

    def run(array):
        request.infer({0: array}, share_inputs=True)
        return request.get_output_tensor(0).data

    return run
