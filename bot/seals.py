"""Which models may be loaded: those of our own training, unchanged since, by their SHA-256 beside them.

A model is code as much as data to who loads it, so one that somebody put there is refused, and so is one that was
changed. The seal guards against a mistake and a stray file; against who may write into the folder, only its rights do.
"""

from __future__ import annotations

import hashlib
from hmac import compare_digest
from pathlib import Path

OURS = "relevo-*.tar.gz"
_CHUNK = 1024 * 1024


class ModelRefusedError(Exception):
    """No model here may be loaded; the message says why and what to do."""


def seal(model: Path) -> None:
    """Note what the model is like at the end of its training, as `sha256sum --check` reads it."""
    draft = seal_of(model).with_suffix(".new")
    draft.write_text(f"{_digest(model)}  {model.name}\n")
    draft.replace(seal_of(model))


def seal_of(model: Path) -> Path:
    """Where the model's digest stands."""
    return model.with_name(f"{model.name}.sha256")


def is_sealed(model: Path) -> bool:
    """Whether the model is there, and as it was when it was trained."""
    try:
        noted = seal_of(model).read_text().split()
        return bool(noted) and compare_digest(noted[0].encode(), _digest(model).encode())
    except OSError:
        return False


def trusted_model(folder: Path) -> Path:
    """The newest model in the folder; raises `ModelRefusedError` unless it is one of our own training."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise ModelRefusedError("There is no model yet. Train one first: make train")
    newest = models[-1]
    if not newest.match(OURS) or not is_sealed(newest):
        raise ModelRefusedError(
            f"{newest} is refused: it is not the model that our own training left there (its SHA-256 does not agree "
            f"with {seal_of(newest).name}, or there is none). Remove it, or train it anew: make train"
        )
    return newest


def _digest(model: Path) -> str:
    digest = hashlib.sha256()
    with model.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
