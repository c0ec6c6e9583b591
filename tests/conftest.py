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

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL_OF_DEBIAN = "usr/lib/postgresql/*/bin/initdb"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is not installed, but fail it where CI is set: there it has to be."""
    outcome = pytest.fail if os.environ.get("CI") else pytest.skip
    if item.get_closest_marker("browser") and not any(map(shutil.which, BROWSERS)):
        outcome(f"{BROWSERS[0]} is not installed")
    if item.get_closest_marker("postgres") and not _has_postgresql():
        outcome("postgresql is not installed, and TEST_DATABASE_URL names no server")


def _has_postgresql() -> bool:
    given = os.environ.get("TEST_DATABASE_URL") or shutil.which("initdb")
    return bool(given) or any(Path("/").glob(POSTGRESQL_OF_DEBIAN))
