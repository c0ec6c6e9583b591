"""Rasa without TensorFlow, which nothing here uses: seconds at each start and hundreds of megabytes less.

Rasa imports a few modules built on TensorFlow even where the model has no such component. For exactly the version
this was tried with, those modules are stood in for; naming one of their components in config.yml then fails with an
error that says so. With any other version, or when TensorFlow is loaded already, nothing is changed.
"""

from __future__ import annotations

import importlib.metadata
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

TRIED_WITH = "3.6.21"
_NEED_TENSORFLOW = frozenset(
    {
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.nlu.selectors.response_selector",
        "rasa.utils.tensorflow.callback",
        "rasa.utils.tensorflow.data_generator",
    }
)


def leave_out_tensorflow() -> bool:
    """From here on import Rasa without TensorFlow; says whether that is so. Call it before importing Rasa."""
    if "tensorflow" in sys.modules or importlib.metadata.version("rasa") != TRIED_WITH:
        return False
    if not any(isinstance(finder, _StandIns) for finder in sys.meta_path):
        sys.meta_path.insert(0, _StandIns())
    return True


class _Absent:
    """Takes the place of a class that needs TensorFlow."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{type(self).__name__} needs TensorFlow, which this assistant leaves out.")


class _StandIns(MetaPathFinder, Loader):
    """Finds the modules that need TensorFlow, and makes stand-ins whose every name is an absent class."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in _NEED_TENSORFLOW else None

    def exec_module(self, module: ModuleType) -> None:
        def absent(name: str) -> type:
            if name.startswith("__"):
                raise AttributeError(name)
            made = type(name, (_Absent,), {"__module__": module.__name__})
            setattr(module, name, made)
            return made

        module.__getattr__ = absent  # type: ignore[method-assign]
