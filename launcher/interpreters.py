"""Finds a Python of a wanted version: one that runs and says so, not one whose name says so."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from launcher.children import answer_of

Version = tuple[int, int]
ASK = "import sys, zlib, ssl, sqlite3, ctypes; print(*sys.version_info[:2], sys.maxsize > 2**32)"
USUAL_FOLDERS = ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/opt/local/bin")


def find(versions: Sequence[Version]) -> Path | None:
    """A complete 64-bit Python of the first of these versions that there is."""
    for version in versions:
        for candidate in _candidates(version):
            if candidate.is_file() and is_of(candidate, version):
                return candidate
    return None


def is_of(python: Path, version: Version) -> bool:
    """Whether it runs, is of that version and complete (a pyenv shim exists without running)."""
    return answer_of([python, "-I", "-c", ASK], os.environ) == f"{version[0]} {version[1]} True"


def _candidates(version: Version) -> Iterator[Path]:
    name = f"python{version[0]}.{version[1]}"
    if sys.version_info[:2] == version:
        yield Path(sys.executable)
    for folder in (*os.get_exec_path(), *USUAL_FOLDERS):
        yield Path(folder) / name
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local" / "share" / "uv" / "python")
    dotted = f"{version[0]}.{version[1]}"
    yield from sorted(pyenv.glob(f"versions/{dotted}.*/bin/{name}"), reverse=True)
    yield from sorted(uv.glob(f"cpython-{dotted}.*/bin/{name}"), reverse=True)
    for root in ("miniconda3", "anaconda3", "miniforge3"):
        yield from sorted((home / root).glob(f"envs/*/bin/{name}"))
