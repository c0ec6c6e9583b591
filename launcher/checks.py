"""The tests and the linters."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from launcher import catalogue, environments
from launcher.environments import RASA, SERVICES, TESTS
from launcher.node import install_node_packages
from launcher.project import ROOT
from launcher.signals import Signals
from launcher.training import train_if_needed

SHARED = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadscope")
AGAIN = ("--reruns", "1", "--reruns-delay", "3", "--rerun-exclude-path", "tests/torture")
LINTERS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))


def test(arguments: Sequence[str], signals: Signals) -> int:
    """`make test`: become one pytest over all tests, so that its summary line is the last and its exit code ours.

    It shares the work among as many processes as there are cores, but for what `-n` in the arguments says. What failed
    is tried once more, since a busy machine may have been too slow for it, and the summary names and counts it. A
    promise broken in the torture is never tried again.
    """
    environments.install([RASA, SERVICES, TESTS], signals)
    environment = own_settings_left_out(os.environ)
    install_node_packages(ROOT / "tests" / "browser", environment, signals)
    train_if_needed(environment, signals)
    os.chdir(ROOT)
    os.execve(TESTS.python, [str(TESTS.python), "-m", "pytest", *SHARED, *AGAIN, *arguments], environment)  # noqa: S606 - no shell is the point


def lint(_: Sequence[str], signals: Signals) -> int:
    """`make lint`: run every linter, also when one finds something; 1 if any did."""
    environments.install([TESTS], signals)
    found = False
    for tool, *arguments in LINTERS:
        print(f"{tool} {' '.join(arguments)}", flush=True)
        done = subprocess.run([TESTS.python, "-m", tool, *arguments], cwd=ROOT, check=False)
        found = found or done.returncode != 0
    return int(found)


def own_settings_left_out(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without the product's settings (no test may reach a person's real bot or database) and without
    make's own, which would change what a test's `make` does."""
    left_out = {setting.name for setting in catalogue.SETTINGS} | {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    return {name: value for name, value in environ.items() if name not in left_out}
