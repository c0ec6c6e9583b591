"""What is measured in Rasa's environment."""

from __future__ import annotations

import os
from collections.abc import Sequence

from launcher import environments
from launcher.children import run_step
from launcher.environments import RASA
from launcher.signals import Signals

NOT_MEASURED = "The assistants could not be measured beside each other; why stands above."


def bench(arguments: Sequence[str], signals: Signals) -> int:
    """`make bench`."""
    environments.install([RASA], signals)
    run_step([RASA.python, "-m", "bench", *arguments], os.environ, signals, NOT_MEASURED)
    return 0
