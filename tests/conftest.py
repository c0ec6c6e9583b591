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

#: Folders whose tests share something that is costly to start: one process runs each of them as a whole.
TOGETHER = ("tests/actions", "tests/bot", "tests/slack")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL_OF_DEBIAN = "usr/lib/postgresql/*/bin/initdb"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Where several processes share the work, the tests of a file stay together, and Rasa's all in one."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _company_of(nodeid)

    return Together(config, log)


def _company_of(nodeid: str) -> str:
    """The name of those that one process runs as a whole."""
    file = nodeid.split("::")[0]
    folder = next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)
    return "rasa" if folder in ("tests/actions", "tests/bot") else folder


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
