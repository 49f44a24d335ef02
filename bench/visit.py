"""One visit to a peer: a process that loads a model, runs it and is timed.

    visit.py PEER MODEL IMAGES THREADS DIRECTORY WEIGHTS INPUT LOGITS PEAK
             STARTED SECONDS

PEAK is the library of native/peak.c, STARTED the monotonic clock in nanoseconds
when the process was started. Prints one line of JSON, the same as that of
native/visit.c. settings.py says how the runs follow one another.
"""

import sys
import time

import numpy

PYTHON_NS = time.monotonic_ns()  # Python and NumPy are up


def measure(run, threads, peak_path, seconds):
    """The times of runs in ms, and peaks between them in GFLOP/s."""
    import ctypes

    import settings

    library = ctypes.CDLL(peak_path)
    library.vitc_peak_gflops.restype = ctypes.c_double
    for _ in range(settings.WARM_RUNS):
        begin = time.perf_counter()
        run()
        last = time.perf_counter() - begin
    burst = max(1, round(settings.BURST_SECONDS / last))
    times, peaks = [], []
    begin = time.perf_counter()
    while (
        len(peaks) < settings.MIN_BURSTS or time.perf_counter() - begin < seconds
    ):
        peaks.append(library.vitc_peak_gflops(threads))
        if burst > 1:
            run()
        for _ in range(burst):
            before = time.perf_counter()
            run()
            times.append(1e3 * (time.perf_counter() - before))
    return times, peaks


def resident_kib():
    """The process's peak resident memory up to now."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def main():
    import importlib
    import json
    from pathlib import Path

    peer, name = sys.argv[1:3]
    images, threads = map(int, sys.argv[3:5])
    directory, weights, input_path, logits_path, peak_path = sys.argv[5:10]
    started, seconds = int(sys.argv[10]), float(sys.argv[11])
    module = importlib.import_module(f"peers.{peer}")
    run = module.load(name, weights, images, threads, Path(directory))
    loaded = time.monotonic_ns()

    import settings

    elements = images * numpy.prod(settings.INPUT_SHAPE)
    array = numpy.fromfile(input_path, numpy.float32, elements)
    array = array.reshape(images, *settings.INPUT_SHAPE)
    logits = numpy.array(run(array), numpy.float32)
    first = time.monotonic_ns()
    memory = resident_kib()
    logits.tofile(logits_path)
    times, peaks = measure(lambda: run(array), threads, peak_path, seconds)
    numpy.array(run(array), numpy.float32).tofile(logits_path)
    print(
        json.dumps(
            {
                "start_ms": (PYTHON_NS - started) * 1e-6,
                "load_ms": (loaded - PYTHON_NS) * 1e-6,
                "first_ms": (first - started) * 1e-6,
                "first_resident_kib": memory,
                "resident_kib": resident_kib(),
                "times_ms": times,
                "peaks_gflops": peaks,
            }
        )
    )


main()
