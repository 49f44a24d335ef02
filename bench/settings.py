"""What bench/compare measures and how: every setting is here.

A change to this page changes what the figures mean, so it stands in a commit of
its own, with figures before and after it.
"""

# Models: the name that timm and vitc know them under, and the nominal
# multiply-adds of one image: products and convolutions, nothing else.
MODELS = {
    "vit_ti": ("vit_tiny_patch16_224", 1_253_683_200),
    "deit_s": ("deit_small_patch16_224", 4_598_882_304),
    "vit_b": ("vit_base_patch16_224", 17_563_828_224),
    "vit_l": ("vit_large_patch16_224", 61_554_712_576),
    "tnt_s": ("tnt_s_patch16_224", 5_216_875_008),
    "tnt_b": ("tnt_b_patch16_224", 14_049_082_880),
}
TITLES = {
    "vit_ti": "ViT-Ti",
    "deit_s": "DeiT-S",
    "vit_b": "ViT-B",
    "vit_l": "ViT-L",
    "tnt_s": "TNT-S",
    "tnt_b": "TNT-B",
}
IMAGES = (1, 8)
THREADS = (1, 2)

# The input: normal numbers of this seed, as many images as the largest run.
INPUT_SHAPE = (3, 224, 224)
CLASSES = 1000
SEED = 20240229

# All programs must agree with PyTorch in float64:
# max |difference| <= TOLERANCE * max |logit|.
TOLERANCE = 2e-5

# One visit is one process. It loads the model, runs once (that is the first
# result), runs WARM_RUNS more, and then alternates for SECONDS: a peak loop,
# one run that is not counted where a burst has several, and a burst of runs
# that are timed one by one. A burst takes about BURST_SECONDS, and there are
# at least MIN_BURSTS. The run in between gives pools of threads and caches back
# the state that they have in a row of runs.
ROUNDS = 5
SECONDS = 2.0
WARM_RUNS = 2
BURST_SECONDS = 0.1
MIN_BURSTS = 2

# A visit that takes longer than this has hung.
VISIT_SECONDS = 600
PREPARE_SECONDS = 3600

# For every program in Python. The C library gives large blocks back to the
# system at once and takes page faults to get them again; PyTorch gains several
# per cent without that, the others lose nothing.
ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(8 << 30),
    "TOKENIZERS_PARALLELISM": "false",
}

# The peers, each with its settings at their best for latency in f32. `packages`
# is what must be installed where it runs, with all that they require.
PEERS = {
    "eager": {
        "title": "PyTorch",
        "packages": ["torch", "timm"],
    },
    "inductor": {
        "title": "AOTInductor",
        "packages": ["torch"],
        "per_threads": True,  # compiled anew for another number of threads
        "config": {"freezing": True},  # of torch._inductor.config
    },
    "onnxruntime": {
        "title": "ONNX Runtime",
        "packages": ["onnxruntime"],
        "graph_optimization_level": "ORT_ENABLE_ALL",
        "execution_mode": "ORT_SEQUENTIAL",
        "config_entries": {"session.intra_op.allow_spinning": "1"},
    },
    "openvino": {
        "title": "OpenVINO",
        "packages": ["openvino"],
        "config": {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "NUM_STREAMS": "1",
            "ENABLE_CPU_PINNING": "NO",  # the process is pinned as a whole
        },
    },
    "iree": {
        "title": "IREE",
        "packages": ["iree-base-runtime"],
        "flags": [
            "--iree-hal-target-device=local",
            "--iree-hal-local-target-device-backends=llvm-cpu",
            "--iree-llvmcpu-target-cpu=host",
            "--iree-opt-level=O3",
            "--iree-opt-data-tiling",
            # Its code for 197 tokens needs more than the default of 32 KiB.
            "--iree-llvmcpu-stack-allocation-limit=262144",
        ],
        "runtime_flags": ["--task_worker_stack_size=1048576"],
        # One thread runs without a pool, which is faster than a pool of one.
        "drivers": {1: "local-sync", "more": "local-task"},
    },
}

# ONNX for onnxruntime and iree, which read no other common format.
ONNX_OPSET = 20

# The two programs in C: what they do apart from the peak loop is not timed.
C_FLAGS = (
    "-std=gnu11",
    "-O2",
    "-ffp-contract=fast",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-pthread",
)
