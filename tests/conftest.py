"""What holds for all tests: those of Rasa's environment join in, and what is not installed is said, not hidden."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.rasa_environment import (  # noqa: F401 - pytest finds its hooks by their names
    pytest_collection_finish,
    pytest_plugin_registered,
    pytest_pycollect_makemodule,
    pytest_unconfigure,
)

NEEDED_PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "postgres": ("initdb", "/usr/lib/postgresql/*/bin/initdb"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is not installed, but fail it where CI is set: there it has to be."""
    for marker, programs in NEEDED_PROGRAMS.items():
        if item.get_closest_marker(marker) and not any(map(_is_installed, programs)):
            outcome = pytest.fail if os.environ.get("CI") else pytest.skip
            outcome(f"{programs[0]} is not installed")


def _is_installed(program: str) -> bool:
    return any(Path("/").glob(program[1:])) if "*" in program else shutil.which(program) is not None
