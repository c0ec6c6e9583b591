"""What is done with the training data, in Rasa's environment."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from launcher import environments
from launcher.children import run_step
from launcher.environments import RASA, SERVICES
from launcher.signals import Signals

NOT_TRAINED = (
    "The assistant could not be trained; what is wrong stands above. `make validate` checks the training data."
)
NOT_GOOD_ENOUGH = "The assistant understands less well than the accepted one, or could not be examined; see above."
NOT_JUDGED = "The judgement misses a goal; which one, and on which conversations, stands above."
NOT_VALID = "The training data needs a hand; what and where stands above."


def train_if_needed(environment: Mapping[str, str], signals: Signals) -> None:
    """Leave a model behind that agrees with the training data; whether it did already, `bot.train` knows."""
    run_step([RASA.python, "-m", "bot.train"], environment, signals, NOT_TRAINED)


def train(arguments: Sequence[str], signals: Signals) -> int:
    """`make train`."""
    environments.install([RASA], signals)
    run_step([RASA.python, "-m", "bot.train", *arguments], os.environ, signals, NOT_TRAINED)
    return 0


def validate(arguments: Sequence[str], signals: Signals) -> int:
    """`make validate`."""
    environments.install([RASA, SERVICES], signals)
    run_step([SERVICES.python, "-m", "handoff_service.desks.canned_file"], os.environ, signals, NOT_VALID)
    run_step([RASA.python, "-m", "bot.validate", *arguments], os.environ, signals, NOT_VALID)
    return 0


def evaluate(arguments: Sequence[str], signals: Signals) -> int:
    """`make evaluate`: of the training data as it is now."""
    environments.install([RASA], signals)
    train_if_needed(os.environ, signals)
    run_step([RASA.python, "-m", "bot.evaluation", *arguments], os.environ, signals, NOT_GOOD_ENOUGH)
    return 0


def judge(arguments: Sequence[str], signals: Signals) -> int:
    """`make judge`."""
    environments.install([RASA], signals)
    run_step([RASA.python, "-m", "bot.judging", *arguments], os.environ, signals, NOT_JUDGED)
    return 0
