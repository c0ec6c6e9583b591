"""The table of a run, and whether the run deserved it: a fault that never struck proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.torture.nursery import ACTIONS, ASSISTANT, SERVICE
from tests.torture.promises import DISORDER, DOUBLED, LOST
from tests.torture.rounds import Outcome

COLUMNS = (
    "kills",
    "ack'd",
    "to agent",
    "to cust.",
    "lost",
    "doubled",
    "disorder",
    "other",
    "repeated",
    "given up",
    "late",
)
SLACKS = ("lost_reply", "late_landing", "ratelimited", "server_error", "reset", "slow", "duplicate", "jitter", "drop")
TELEGRAMS = ("lost_answer", "too_many_requests", "server_error", "reset", "duplicate_update")
MUST_STRIKE = (
    *(f"slack {kind}" for kind in SLACKS),
    *(f"telegram {kind}" for kind in TELEGRAMS),
    "kills",
    "freezes",
    "killed while starting",
    "Slack away",
    "races for a case",
    "replies in Slack",
    "replies at the console",
)
MUST_HAPPEN_TO_THE_REAL = {  # how often for a hundred kills
    **{f"kills of {part}": 15 for part in (SERVICE, ASSISTANT, ACTIONS)},
    "freezes": 5,
    "struck just after an effect": 5,
    "turns answered": 100,
    "turns asked again": 5,
    "effects": 20,
    "replies in Slack": 1,
    "replies at the console": 1,
}
KILLS_PER_STRIKE = 100  # of a long run: each fault must have struck once for so many kills


def figures(outcome: Outcome) -> list[int]:
    """One line of the table."""
    verdict, happened = outcome.verdict, outcome.ledger.happened
    named = (*LOST, *DOUBLED, *DISORDER)
    return [
        happened["kills"],
        verdict.acknowledged,
        verdict.to_agents,
        verdict.to_customers,
        verdict.count(*LOST),
        verdict.count(*DOUBLED),
        verdict.count(*DISORDER),
        len(verdict.broken) - verdict.count(*named),
        verdict.repetitions,
        verdict.given_up,
        verdict.late,
    ]


def line(name: str, numbers: Sequence[int]) -> str:
    return f"{name:<26}" + "".join(f"{number:>10}" for number in numbers)


def table(outcomes: Sequence[tuple[str, Outcome]]) -> str:
    """All rounds, and their sum."""
    lines = [f"{'round':<26}" + "".join(f"{name:>10}" for name in COLUMNS)]
    lines += [line(name, figures(outcome)) for name, outcome in outcomes]
    total = [sum(column) for column in zip(*(figures(outcome) for _, outcome in outcomes), strict=True)]
    return "\n".join([*lines, line("all", total)])


def struck(outcomes: Sequence[Outcome]) -> Counter[str]:
    """How often everything happened that a run must have gone through."""
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update(outcome.fired)
        counts["races for a case"] += outcome.ledger.refused_claims
        counts["replies in Slack"] += sum(bool(reply.ts) for reply in outcome.ledger.replies)
        counts["replies at the console"] += sum(not reply.ts for reply in outcome.ledger.replies)
    return counts


def missing(outcomes: Sequence[Outcome]) -> list[str]:
    """What this run did not go through often enough to have proved anything about it."""
    counts = struck(outcomes)
    is_real = all(outcome.plan.real for outcome in outcomes)
    dues = MUST_HAPPEN_TO_THE_REAL if is_real else dict.fromkeys(MUST_STRIKE, 1)
    leasts = {name: max(1, due * counts["kills"] // KILLS_PER_STRIKE) for name, due in dues.items()}
    found = [f"{name}: {counts[name]} times, {due} are due" for name, due in leasts.items() if counts[name] < due]
    never = [name for outcome in outcomes for name, fired in outcome.ledger.points.items() if not fired]
    return found + [f"the boundary «{name}» was never reached" for name in never]


def coverage(outcomes: Sequence[Outcome]) -> str:
    """What struck, in one paragraph."""
    return ", ".join(f"{name} {count}" for name, count in sorted(struck(outcomes).items()) if count)
