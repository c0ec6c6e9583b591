"""What is measured: the assistant beside a stock one, a day at the desk, what survives a kill, what it carries."""

from __future__ import annotations

import os
from collections.abc import Sequence

from launcher import environments
from launcher.checks import own_settings_left_out
from launcher.children import run_step
from launcher.environments import RASA, SERVICES, TESTS
from launcher.signals import Signals

NOT_SIMULATED = "The day broke a promise of ours, or could not be simulated; the figures above say which."
NOT_KEPT = "A promise was broken, or not everything was put to the test; why stands above."
NOT_CARRIED = "A target was missed, or something could not be measured; which stands above."
NOT_MEASURED = "The assistants could not be measured beside each other; why stands above."


def bench(arguments: Sequence[str], signals: Signals) -> int:
    """`make bench`."""
    environments.install([RASA], signals)
    run_step([RASA.python, "-m", "bench", *arguments], os.environ, signals, NOT_MEASURED)
    return 0


def simulate(arguments: Sequence[str], signals: Signals) -> int:
    """`make simulate`."""
    environments.install([SERVICES], signals)
    run_step([SERVICES.python, "-m", "handoff_service.simulation", *arguments], os.environ, signals, NOT_SIMULATED)
    return 0


def torture(arguments: Sequence[str], signals: Signals) -> int:
    """`make torture`."""
    environments.install([TESTS, RASA] if "--real" in arguments else [TESTS], signals)
    environment = own_settings_left_out(os.environ)
    run_step([TESTS.python, "-m", "tests.torture", *arguments], environment, signals, NOT_KEPT)
    return 0


def load(arguments: Sequence[str], signals: Signals) -> int:
    """`make load`."""
    environments.install([TESTS], signals)
    environment = own_settings_left_out(os.environ)
    run_step([TESTS.python, "-m", "tests.load", *arguments], environment, signals, NOT_CARRIED)
    return 0
