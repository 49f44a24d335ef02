"""The ONNX file that onnxruntime and IREE read."""

import torch

import settings


def write(network, images, path):
    """Exports `network` for runs of `images` images; weights beside `path`."""
    torch.onnx.export(
        network,
        (torch.zeros(images, *settings.INPUT_SHAPE),),
        path,
        opset_version=settings.ONNX_OPSET,
        input_names=["image"],
        output_names=["logits"],
        dynamo=True,
        external_data=True,
        optimize=True,
        verbose=False,
    )
