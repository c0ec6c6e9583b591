"""Rasa's own work per turn, done once instead of at each turn. Results are the same; only the way there is shorter.

Rasa plans its graph anew for every run, looks through every rule for every prediction, and before it holds an action's
answer against its schema it checks that schema itself (25 ms and more). All of this depends on the model or on Rasa
alone, so it is kept. For exactly the version this was tried with; with any other nothing is changed.
"""

from __future__ import annotations

import importlib.metadata
import json
from functools import cache
from typing import Any

from jsonschema import Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import State

from bot.lightness import TRIED_WITH

_STATES_KEPT = 4_096
_every_applicable_rule = RulePolicy._get_possible_keys

Step = tuple[str, GraphNode, tuple[str, ...]]


def hurry() -> bool:
    """From the next loaded model on run turns the short way; says whether that is so."""
    if importlib.metadata.version("rasa") != TRIED_WITH:
        return False
    import rasa.core.processor

    rasa.core.processor.DaskGraphRunner = PlannedGraphRunner
    RulePolicy._get_possible_keys = _applicable_rules
    RemoteAction._validate_action_result = _has_its_form
    return True


class PlannedGraphRunner(DaskGraphRunner):
    """Runs a loaded model's components one after the other, in an order that is worked out once per target."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the targets put out, by name. RuntimeErrors become GraphRunErrors, as in Rasa's runner."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plans: dict[tuple[str, ...], list[Step]] = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = self._plan(wanted)
        given = inputs or {}
        if clashing := given.keys() & {name for name, _, _ in plans[wanted]}:
            raise GraphRunError(f"Inputs with the names of components: {', '.join(sorted(clashing))}")
        outputs = dict(given)
        try:
            for name, node, needs in plans[wanted]:
                outputs[name] = node(*((need, outputs[need]) if need in outputs else need for need in needs))[1]
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: outputs[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        """What has to run for these targets, each step after those it needs."""
        schema = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: dict[str, Step] = {}

        def add(name: str) -> None:
            if name in plan or name not in schema:
                return
            needs = tuple(schema[name].needs.values())
            for need in needs:
                add(need)
            plan[name] = (name, self._instantiated_nodes[name], needs)

        for target in targets:
            add(target)
        return list(plan.values())


@cache
def _form_of_answers() -> Validator:
    """Rasa's schema of what an action answers, found to be one."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _has_its_form(_: RemoteAction, answer: dict[str, Any]) -> bool:
    """True; raises `jsonschema.ValidationError` for what is no answer of an action, as Rasa does."""
    error = best_match(_form_of_answers().iter_errors(answer))
    if error is not None:
        raise error
    return True


def _applicable_rules(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """The rules that fit the states: those that fit the last one are kept by it, only these are looked through."""
    if not states:
        return _every_applicable_rule(policy, lookup, states)
    kept: dict[tuple[int, str], dict[str, str]] = policy.__dict__.setdefault("_rules_by_last_state", {})
    last = (id(lookup), json.dumps(states[-1], sort_keys=True))
    if last not in kept:
        if len(kept) >= _STATES_KEPT:
            kept.clear()
        kept[last] = {rule: lookup[rule] for rule in _every_applicable_rule(policy, lookup, states[-1:])}
    return _every_applicable_rule(policy, kept[last], states)
