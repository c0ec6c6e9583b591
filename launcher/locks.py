"""`make lock`: what may be installed, to the last hash, for every system and with no index's address."""

from __future__ import annotations

import os
from collections.abc import Sequence

from launcher.children import run_step
from launcher.signals import Signals
from launcher.uv import require_uv

OLDEST_PYTHON = {"rasa": "3.10", "services": "3.11", "tracing": "3.11", "tests": "3.11", "uv": "3.9"}
FAILURE = "requirements/{name}.in could not be resolved; the reason stands above."


def lock(arguments: Sequence[str], signals: Signals) -> int:
    """Resolve each `.in` into its `.txt`. Pins stay as they are unless the arguments say `--upgrade`."""
    uv = require_uv(signals)
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    for name, python in OLDEST_PYTHON.items():
        print(f"requirements/{name}.txt …", flush=True)
        source, target = (f"requirements/{name}.{kind}" for kind in ("in", "txt"))
        options = ["--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", python]
        run_step(
            [uv, "pip", "compile", *options, *arguments, source, "--output-file", target],
            environment,
            signals,
            FAILURE.format(name=name),
        )
    print("Done; look at `git diff requirements`.", flush=True)
    return 0
