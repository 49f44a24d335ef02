"""ONNX Runtime's own CPU kernels, the input bound to the caller's memory."""

import settings
from networks import load_network

SETTINGS = settings.PEERS["onnxruntime"]


def prepare(name, weights, images, threads, directory):
    from peers import onnx_file

    onnx_file.write(load_network(name, weights), images, directory / "model.onnx")


def load(name, weights, images, threads, directory):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = getattr(
        ort.GraphOptimizationLevel, SETTINGS["graph_optimization_level"]
    )
    options.execution_mode = getattr(ort.ExecutionMode, SETTINGS["execution_mode"])
    for key, value in SETTINGS["config_entries"].items():
        options.add_session_config_entry(key, value)
    session = ort.InferenceSession(
        directory / "model.onnx", options, providers=["CPUExecutionProvider"]
    )
    binding = session.io_binding()

    def run(array):
        binding.bind_cpu_input("image", array)
        binding.bind_output("logits")
        session.run_with_iobinding(binding)
        return binding.get_outputs()[0].numpy()

    return run
