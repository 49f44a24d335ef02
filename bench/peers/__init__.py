"""The programs that vitc is compared with, one module each.

A module has
    prepare(name, weights, images, threads, directory)
        writes to `directory` what a run needs; `name` is timm's, `weights` a
        safetensors file. `threads` counts only for a peer whose settings
        say "per_threads". Its time is the peer's ahead-of-time compilation.
    load(name, weights, images, threads, directory) -> run
        run(array) takes [images, 3, height, width] of float32 and returns
        logits [images, classes] as an array of NumPy.
All of them take their settings from settings.py.
"""
