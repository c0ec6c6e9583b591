"""What changed between two bills. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from actions.backend.model import NOTHING, Bill, BillItem, ItemKind, Words

Key = tuple[ItemKind, Words]


@dataclass(frozen=True)
class Change:
    """An entry whose amount differs from last time: by how much, and what it is now (nothing: it is gone)."""

    kind: ItemKind
    name: Words
    difference: Decimal
    now: Decimal


def changes_between(previous: Bill, current: Bill) -> tuple[Change, ...]:
    """Every entry that differs, the greatest increase first. Their differences add up to that of the totals."""
    before, now = _amounts(previous.items), _amounts(current.items)
    changes = (
        Change(kind, name, difference=now[kind, name] - before[kind, name], now=now[kind, name])
        for kind, name in {**before, **now}
    )
    return tuple(sorted((change for change in changes if change.difference), key=lambda change: -change.difference))


def _amounts(items: tuple[BillItem, ...]) -> defaultdict[Key, Decimal]:
    amounts: defaultdict[Key, Decimal] = defaultdict(lambda: NOTHING)
    for item in items:
        amounts[item.kind, item.name] += item.amount
    return amounts
