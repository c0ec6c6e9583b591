"""What holds for all tests: those of Rasa's environment join in, and what is not installed is said, not hidden."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.rasa_environment import (  # noqa: F401 - pytest finds its hooks by their names
    pytest_collection_finish,
    pytest_plugin_registered,
    pytest_pycollect_makemodule,
    pytest_unconfigure,
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip browser tests where no browser is installed, but fail them where CI is set: there it has to be."""
    if item.get_closest_marker("browser") and not any(map(shutil.which, BROWSERS)):
        outcome = pytest.fail if os.environ.get("CI") else pytest.skip
        outcome(f"{BROWSERS[0]} is not installed")
