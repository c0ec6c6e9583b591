"""Rasa is imported without TensorFlow, and says so when TensorFlow would be needed."""

from __future__ import annotations

import subprocess
import sys

from tests.bot.project import environment

IMPORTS = """
import sys
from bot.lightness import leave_out_tensorflow
assert leave_out_tensorflow()
import rasa.core.run, rasa.model_training
from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS
assert "tensorflow" not in sys.modules, "tensorflow was imported"
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
try:
    DIETClassifier({}, None, None, None)
except RuntimeError as error:
    print(error)
"""
TOO_LATE = """
import types, sys
sys.modules["tensorflow"] = types.ModuleType("tensorflow")
from bot.lightness import leave_out_tensorflow
finders = list(sys.meta_path)
assert not leave_out_tensorflow()
assert sys.meta_path == finders
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=environment({}), capture_output=True, text=True, timeout=120
    )


def test_rasa_serves_and_trains_without_tensorflow() -> None:
    done = run(IMPORTS)
    assert done.returncode == 0, done.stderr
    assert "DIETClassifier needs TensorFlow" in done.stdout


def test_nothing_is_changed_once_tensorflow_is_there() -> None:
    done = run(TOO_LATE)
    assert done.returncode == 0, done.stderr
