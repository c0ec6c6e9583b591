"""A handoff with an agent's verdict becomes a conversation to learn from, once a trainer took it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from handoff_service.switchboard.rules.handoff import Verdict

HEADING = """\
# Conversaciones que los agentes juzgaron. Léelas, quita lo que aún diga quién es alguien, corrige `at` donde haga falta
# y pasa las que valgan a data/judgement/.
# Conversations that agents judged. Read them, take out what still tells who somebody is, correct `at` where needed, and
# move those that are good to data/judgement/.
"""
REMARKS = {
    Verdict.RIGHT: "a tiempo / in time",
    Verdict.TOO_EARLY: "demasiado pronto: hasta aquí no hacía falta / too early: not needed up to here",
    Verdict.TOO_LATE: "demasiado tarde: di en `at` cuándo debió llegar / too late: `at` must say when",
    Verdict.NOT_NEEDED: "no hacía falta / not needed",
}


@dataclass(frozen=True)
class Judged:
    """The customer's turns up to the handoff, already without personal data, and what an agent thought of it."""

    handoff_id: str
    language: str
    reason: str
    verdict: Verdict
    turns: Sequence[str]


def labelled(judged: Judged) -> dict[str, Any]:
    """In the format of data/judgement. Only what the verdict says is claimed: too early is "not by this turn"."""
    return {
        "id": _id(judged),
        "language": judged.language,
        "handoff": _expected(judged),
        "turns": list(judged.turns),
    }


def _id(judged: Judged) -> str:
    """The same for the same handoff, without leading back to it."""
    digest = hashlib.sha256(judged.handoff_id.encode()).hexdigest()[:8]
    return f"{judged.language}-{judged.reason.replace('_', '-')}-{digest}"


def _expected(judged: Judged) -> dict[str, Any] | None:
    came_at = len(judged.turns)
    if judged.verdict is Verdict.RIGHT:
        return {"at": came_at, "reason": judged.reason}
    if judged.verdict is Verdict.TOO_LATE:
        return {"at": max(1, came_at - 1), "reason": judged.reason, "not_before": 1}
    return None


BREAKS_OF_YAML = frozenset("\x85\u2028\u2029")  # line breaks to YAML, though to nobody else: they are escaped


def as_yaml(all_judged: Sequence[Judged]) -> str:
    """A file for trainers: each conversation below a remark with its verdict."""
    if not all_judged:
        return f"{HEADING}\nconversations: []\n"
    return f"{HEADING}\nconversations:\n" + "\n".join(map(_entry, all_judged))


def _entry(judged: Judged) -> str:
    is_plain = not any(BREAKS_OF_YAML & set(turn) for turn in judged.turns)
    written = yaml.safe_dump([labelled(judged)], allow_unicode=is_plain, sort_keys=False, width=110)
    indented = "".join(f"  {line}\n" for line in written.rstrip("\n").split("\n"))
    return f"  # {REMARKS[judged.verdict]}\n{indented}"
