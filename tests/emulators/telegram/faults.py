"""Faults on demand: which call suffers what, how often, and how often it happened."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# Faults of a call to the Bot API. "Before" ones keep the call from being carried out.
BEFORE = {"too_many_requests", "server_error", "refused", "reset", "black_hole", "conflict"}
DELAYS = {"slow"}
AFTER = {"lost_answer", "slow_answer", "cut_answer"}
# Faults of the delivery of updates.
DELIVERY = {"duplicate_update", "out_of_order"}
KINDS = BEFORE | DELAYS | AFTER | DELIVERY


@dataclass
class Fault:
    """One rule. It looks at calls of `methods` (all, if empty) to `chats` (all, if empty)."""

    kind: str
    methods: list[str] = field(default_factory=list)
    chats: list[int] = field(default_factory=list)
    chance: float = 1.0
    skip: int = 0
    times: int | None = None
    retry_after: int = 1
    status: int = 502
    description: str = ""
    seconds: float = 30.0
    fired: int = 0

    def concerns(self, method: str, chat: int | None) -> bool:
        """Whether it looks at such a call and is not used up."""
        return (
            (not self.methods or method.lower() in (name.lower() for name in self.methods))
            and (not self.chats or chat in self.chats)
            and (self.times is None or self.fired < self.times)
        )


class Faults:
    """The rules in force; drawn with a seed, so that a run can be had again."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.rules: list[Fault] = []
        self.fired: Counter[str] = Counter()

    def add(self, settings: dict[str, Any]) -> None:
        fault = Fault(**settings)
        if fault.kind not in KINDS:
            raise ValueError(f"no such fault: {fault.kind}")
        self.rules.append(fault)

    def clear(self, kind: str | None = None) -> None:
        """Take back the rules, or those of one kind; the counters stay."""
        self.rules = [rule for rule in self.rules if kind is not None and rule.kind != kind]

    def draw(self, kinds: set[str], method: str = "", chat: int | None = None) -> Fault | None:
        """The first rule of these kinds that strikes now; counted as fired."""
        for rule in self.rules:
            if rule.kind not in kinds or not rule.concerns(method, chat):
                continue
            if rule.skip > 0:
                rule.skip -= 1
            elif self._chance.random() < rule.chance:
                rule.fired += 1
                self.fired[rule.kind] += 1
                return rule
        return None

    def shuffled(self, items: list[Any]) -> list[Any]:
        """The same in another order, if there is another."""
        if len(items) < 2:
            return items
        mixed = list(items)
        while mixed == items:
            self._chance.shuffle(mixed)
        return mixed
