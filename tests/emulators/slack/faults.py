"""What goes wrong, when and how often: rules a test switches on, and the count of how often each fired."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal, get_args

ApiFault = Literal[
    "ratelimited", "server_error", "html", "error", "reset", "black_hole", "slow", "late_landing", "lost_reply"
]
EventFault = Literal["duplicate", "jitter", "delay", "drop", "only_retry"]
API_FAULTS, EVENT_FAULTS = set(get_args(ApiFault)), set(get_args(EventFault))


@dataclass
class Fault:
    """One rule. `on` is a method's name ("chat.postMessage", "chat.*") or an event's ("event:message", "event:*").

    kind          what happens                                                     uses
    ratelimited   429 with `Retry-After: retry_after` (any text, or none at all)   retry_after
    server_error  an error status with a JSON-less body                            status
    html          a page instead of JSON                                           status
    error         `{"ok": false, "error": error}`                                  error
    reset         the connection is reset, nothing was done                        -
    black_hole    no answer, nothing was done, reset in the end                    seconds
    slow          done and answered late                                           seconds
    late_landing  reset at once, done later all the same                           seconds
    lost_reply    done at once; the answer never comes: reset after `seconds`      seconds
    duplicate     the event comes `copies` times in all, `seconds` apart           copies, seconds
    jitter        the event comes up to `seconds` late, each one differently       seconds
    delay         the event comes `seconds` late                                   seconds
    drop          the event never comes; it stays in the history                   -
    only_retry    the first delivery is lost, the first repetition comes           -
    """

    on: str
    kind: str
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 503
    error: str = "internal_error"
    retry_after: str | None = "1"
    copies: int = 2
    times: int | None = None
    after: int = 0
    """Let this many matching calls or events pass first."""
    fired: int = 0
    passed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in (EVENT_FAULTS if self.on.startswith("event:") else API_FAULTS):
            raise ValueError(f"{self.kind} cannot happen on {self.on}")


@dataclass
class Faults:
    seed: int = 0
    rules: list[Fault] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def reseed(self, seed: int) -> None:
        self.seed, self.random = seed, random.Random(seed)

    def add(self, **rule: Any) -> Fault:
        fault = Fault(**rule)
        self.rules.append(fault)
        return fault

    def clear(self, on: str = "") -> None:
        """Switch off the rules on `on`, or all; the counts stay."""
        self.rules = [rule for rule in self.rules if on and rule.on != on]

    def draw(self, name: str) -> Fault | None:
        """The rule that strikes this call, if any: the first that matches and whose die says so."""
        return next((rule for rule in self.rules if self._strikes(rule, name)), None)

    def draw_all(self, name: str) -> list[Fault]:
        """Every rule that strikes this event; they add up."""
        return [rule for rule in self.rules if self._strikes(rule, name)]

    def _strikes(self, rule: Fault, name: str) -> bool:
        if not fnmatch(name, rule.on) or (rule.times is not None and rule.fired >= rule.times):
            return False
        rule.passed += 1
        if rule.passed <= rule.after or self.random.random() >= rule.probability:
            return False
        rule.fired += 1
        self.fired[rule.kind] += 1
        self.fired[f"{rule.on} {rule.kind}"] += 1
        return True
