"""Only a model that is as our own training left it may be loaded."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bot.seals import ModelRefusedError, is_sealed, seal, seal_of, trusted_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "relevo-0123456789abcdef.tar.gz"
    path.write_bytes(b"weights" * 1000)
    seal(path)
    return path


def test_the_newest_sealed_model_is_loaded_and_anybody_can_check_the_seal(model: Path) -> None:
    assert trusted_model(model.parent) == model
    subprocess.run(["sha256sum", "--check", seal_of(model).name], cwd=model.parent, check=True)


def test_one_changed_byte_is_enough(model: Path) -> None:
    content = bytearray(model.read_bytes())
    content[3000] ^= 1
    model.write_bytes(content)
    assert not is_sealed(model)
    with pytest.raises(ModelRefusedError, match=r"relevo-0123456789abcdef.*make train"):
        trusted_model(model.parent)


@pytest.mark.parametrize("words", ["", "nonsense", "0" * 64 + "  relevo-0123456789abcdef.tar.gz"])
def test_a_seal_that_says_something_else_is_none(model: Path, words: str) -> None:
    seal_of(model).write_text(words)
    assert not is_sealed(model)
    seal_of(model).unlink()
    assert not is_sealed(model)


def test_a_newer_model_of_somebody_else_is_refused_and_not_passed_over(model: Path) -> None:
    stray = model.with_name("better.tar.gz")
    stray.write_bytes(b"weights")
    seal(stray)
    os.utime(model, (1, 1))
    with pytest.raises(ModelRefusedError, match="better"):
        trusted_model(model.parent)


def test_without_any_it_says_how_to_come_by_one(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="make train"):
        trusted_model(tmp_path)
