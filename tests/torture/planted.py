"""Bugs, planted into a process of the service before it starts: the torture must catch each of them.

The product has none of them: they are put over its functions here, in a process that only tests start.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

GAP = 0.15  # seconds between a step and the one that should have come first


@dataclass(frozen=True)
class Planted:
    """A bug, what it breaks, and the weather that brings it out."""

    plant: Callable[[], None]
    breaks: frozenset[str]
    slack: tuple[str, ...] = ()  # the only faults of Slack's Web API; all of them where empty
    by_killing: bool = False  # whether it shows only where the service dies often
    console: bool = True
    drop: float = 0.12
    jitter: float = 0.4


def plant(name: str) -> None:
    """Put this bug into the present process."""
    PLANTED[name].plant()


def _acknowledge_before_commit() -> None:
    from handoff_service.channels.widget import WidgetSession
    from handoff_service.switchboard import views

    store = WidgetSession._take
    send = WidgetSession._send

    async def take(self: Any, conversation_id: str, written: Any) -> None:
        progress = await self._widget.store.read(views.progress, conversation_id)
        await send(self, {"type": "ack", "id": written.id, "seq": progress.seq + 1})
        await asyncio.sleep(GAP)
        await store(self, conversation_id, written)

    WidgetSession._take = take  # type: ignore[method-assign]


def _no_deduplication() -> None:
    from handoff_service.desks.slack import threads
    from handoff_service.switchboard import inbox, transcript

    keep, record, say = inbox.keep, transcript.record, transcript.say

    def another(name: str | None) -> str | None:
        return None if name is None else f"{name}#{secrets.token_hex(4)}"

    def keep_again(tx: Any, source: str, external_id: str, payload: Any) -> bool:
        return keep(tx, source, str(another(external_id)), payload)

    def record_again(*args: Any, **more: Any) -> Any:
        return record(*args, **more | {"client_id": another(more["client_id"])})

    def say_again(*args: Any, **more: Any) -> Any:
        return say(*args, **more | {"client_id": another(more.get("client_id"))})

    inbox.keep, transcript.record, transcript.say = keep_again, record_again, say_again  # type: ignore[assignment]
    transcript.by_client_id = lambda *_: None  # type: ignore[assignment]
    threads.message_of = lambda *_: None  # type: ignore[assignment]


def _no_order() -> None:
    from handoff_service.desks.slack import worker

    def as_they_came(group: Any, now: Any) -> list[Any]:
        return [each for each in group if each.due_at <= now]

    worker.released = as_they_came


def _no_probe() -> None:
    from handoff_service.desks.slack import carrier

    async def not_found(*_: Any) -> None:
        return None

    carrier.find_sent = not_found  # type: ignore[assignment]


def _no_history() -> None:
    from handoff_service.desks.slack.history import History

    async def surely(*_: Any, **__: Any) -> bool:
        return True

    History.is_caught_up = surely  # type: ignore[method-assign]
    History.is_due = lambda *_: False  # type: ignore[method-assign]


def _owner_checked_outside_the_write() -> None:
    """The late answer is looked at before, and written after, a gap in which somebody may have claimed."""
    from handoff_service.store.tables import conversations
    from handoff_service.store.tables import turns as turns_table
    from handoff_service.switchboard import turns
    from handoff_service.switchboard.rules.handoff import Owner
    from handoff_service.switchboard.turn_runner import TurnRunner

    commit, finish = TurnRunner._commit, turns.finish_turn

    def of_turn(column: Any, turn_id: str) -> Any:
        where = select(turns_table.c.conversation_id).where(turns_table.c.id == turn_id).scalar_subquery()
        return select(column).where(conversations.c.id == where)

    def owner_of(tx: Any, turn_id: str) -> str:
        return str(tx.connection.execute(of_turn(conversations.c.owner, turn_id)).scalar_one())

    def finish_anyway(tx: Any, words: Any, turn_id: str, answer: Any) -> bool:
        epoch = of_turn(conversations.c.epoch, turn_id).scalar_subquery()
        tx.connection.execute(update(turns_table).where(turns_table.c.id == turn_id).values(epoch=epoch))
        return finish(tx, words, turn_id, answer)

    async def look_then_commit(self: Any, use_case: Any, turn_id: str, *answer: Any) -> bool:
        if use_case is finish:
            owner = await self._store.read(owner_of, turn_id)
            await asyncio.sleep(GAP * 10)
            use_case = finish if owner == Owner.AGENT.value else finish_anyway
        return await commit(self, use_case, turn_id, *answer)

    TurnRunner._commit = look_then_commit  # type: ignore[assignment]


def _claim_checked_outside_the_write() -> None:
    """Whoever looked before another's claim was written takes the case all the same."""
    from handoff_service.desks.slack import presses
    from handoff_service.store.tables import handoffs as table
    from handoff_service.switchboard import handoffs
    from handoff_service.switchboard.rules.handoff import Status

    claim, load = handoffs.claim, handoffs.load
    gap = timedelta(seconds=GAP * 4)

    def claim_late(tx: Any, words: Any, handoff_id: str, agent: Any, **more: Any) -> Any:
        handoff, _ = load(tx, handoff_id)
        if handoff.claimed_at is not None and tx.now - handoff.claimed_at < gap and handoff.agent != agent.name:
            unheld = {"status": Status.QUEUED.value, "agent": None, "desk": None}
            tx.connection.execute(update(table).where(table.c.id == handoff_id).values(**unheld))
        return claim(tx, words, handoff_id, agent, **more)

    handoffs.claim = claim_late
    presses.DIRECT["claim"] = claim_late


PLANTED = {
    "acknowledge-before-commit": Planted(
        _acknowledge_before_commit, frozenset({"acknowledged and lost"}), by_killing=True
    ),
    "no-deduplication": Planted(
        _no_deduplication,
        frozenset({"stored twice", "twice to the customer", "answered twice", "twice to the agent"}),
        by_killing=True,
    ),
    "no-order": Planted(
        _no_order, frozenset({"out of order to the customer"}), ("slow",), console=False, jitter=1.0, drop=0.0
    ),
    "no-probe": Planted(_no_probe, frozenset({"twice to the agent"}), slack=("lost_reply",)),
    "no-history": Planted(
        _no_history, frozenset({"lost on the way to the customer", "stuck"}), console=False, drop=0.4
    ),
    "owner-checked-outside": Planted(_owner_checked_outside_the_write, frozenset({"machine over person"})),
    "claim-checked-outside": Planted(_claim_checked_outside_the_write, frozenset({"two owners"})),
}
