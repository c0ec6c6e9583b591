"""What a round against the real assistant has besides: its customers, who get something done, and its killers."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import sqlite3
import time
from collections.abc import Awaitable
from pathlib import Path

from tests.emulators.telegram.client import EmulatorError
from tests.torture import killing
from tests.torture.customers import Stopped, TelegramCustomer, WidgetCustomer
from tests.torture.killing import Pace
from tests.torture.ledger import Ledger
from tests.torture.marks import WISH
from tests.torture.nursery import ACTIONS, ASSISTANT, SERVICE
from tests.torture.world import World

# Seconds beyond the moment that was waited for. A frozen part is missed only beyond the deadline of a turn.
PACES = {
    ASSISTANT: Pace(0.01, 1.0, freeze_chance=0.3, in_birth_chance=0.1, longest_freeze=8.0, survival_chance=0.7),
    SERVICE: Pace(0.01, 1.0, freeze_chance=0.2, survival_chance=0.5),
    ACTIONS: Pace(0.01, 1.0, freeze_chance=0.3, in_birth_chance=0.1, longest_freeze=5.0, survival_chance=0.7),
}
SHARES = {SERVICE: 0.4, ASSISTANT: 0.3, ACTIONS: 0.3}  # of all kills
AMBUSH_CHANCE, AMBUSH_WITHIN = 0.5, 20.0
ANSWERS_BETWEEN = (1, 8)
SECONDS_PER_KILL = 8.0
STARTS_WITHIN = 180.0  # seconds, libraries and model included, on a machine that is busy with much else

COMPLAINT = "quiero poner una reclamación: me habéis cobrado dos veces la cuota"
CONFIRM, CONFIRM_TITLE = "/affirm", "Sí, envíala"
QUESTIONS = (
    "¿qué tarifas tenéis?",
    "¿cómo puedo pagar mi factura?",
    "¿cuánto cuesta el roaming en Estados Unidos?",
    "¿cuándo vence mi factura?",
    "hola, buenos días",
)
COMPLAINT_CHANCE, WISH_CHANCE, CONFIRM_CHANCE = 0.45, 0.06, 0.9
AGAIN = "answers after the last kill"
ENOUGH_ANSWERS, RECOVERS_WITHIN = 5, 60.0
ANSWERED_WITHIN = 10.0  # seconds that a customer waits for any word


class Deeds:
    """What the demo operator has on file, read past the action server, which makes that file when it first needs it."""

    def __init__(self, data_dir: Path) -> None:
        self._url = f"file:{data_dir / 'backend.db'}?mode=ro"

    def count(self) -> int:
        """How many complaints there are, those that the demo begins with included."""
        return len(self._rows("SELECT code FROM complaints"))

    def complaints(self) -> list[dict[str, str]]:
        """The code, conversation and text of each that was filed in a conversation."""
        columns = ("code", "conversation_id", "text")
        rows = self._rows("SELECT code, conversation_id, text FROM complaints WHERE conversation_id <> ''")
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        try:
            with contextlib.closing(sqlite3.connect(self._url, uri=True)) as connection:
                return connection.execute(query).fetchall()
        except sqlite3.OperationalError:  # not there yet, or being made
            return []


class RealWidgetCustomer(WidgetCustomer):
    """Asks, complains, and presses the button that files the complaint; says so again where it failed."""

    def _compose(self, number: int) -> dict[str, str]:
        said = f"c{number} {self.talk.mark}"
        newest = self.talk.seen[max(self.talk.seen)] if self.talk.seen else {}
        is_offered = any(button["payload"] == CONFIRM for button in newest.get("buttons") or ())
        if (is_offered or self._has_failed_to_confirm()) and self._dice.random() < CONFIRM_CHANCE:
            return {"text": f"{said} {CONFIRM_TITLE}", "payload": CONFIRM}
        return {"text": f"{said} {_wish(self._dice)}"}

    def _has_failed_to_confirm(self) -> bool:
        """Whether the last words are an excuse for the press before them."""
        last = [self.talk.seen[seq] for seq in sorted(self.talk.seen)[-2:]]
        return len(last) == 2 and CONFIRM_TITLE in last[0]["text"] and last[1]["author"] == "system"

    async def _rest(self, reader: asyncio.Task[None], stopped: Stopped) -> None:
        """Until there is a word, as people wait; some don't."""
        deadline = time.monotonic() + (ANSWERED_WITHIN if self._dice.random() < 0.85 else 0.3)
        while not stopped and not reader.done() and time.monotonic() < deadline and not self._is_answered():
            await asyncio.sleep(0.05)
        await stopped.pause(self._dice.uniform(0.1, 0.8))

    def _is_answered(self) -> bool:
        return bool(self.talk.seen) and self.talk.seen[max(self.talk.seen)]["author"] != "customer"


class RealTelegramCustomer(TelegramCustomer):
    """The same on Telegram."""

    async def _write(self, number: int) -> None:
        wish = _wish(self._dice)
        await self._say(number, f"c{number} {self.talk.mark} {wish}")
        if wish == COMPLAINT and self._dice.random() < CONFIRM_CHANCE:
            await self._confirm()

    async def _confirm(self) -> None:
        deadline = time.monotonic() + ANSWERED_WITHIN
        while time.monotonic() < deadline:
            with contextlib.suppress(EmulatorError):  # no such button, or not yet
                await asyncio.to_thread(self._person.presses, CONFIRM_TITLE)
                return
            await asyncio.sleep(0.2)


def _wish(dice: random.Random) -> str:
    drawn = dice.random()
    if drawn < WISH_CHANCE:
        return f"{WISH}."
    return COMPLAINT if drawn < WISH_CHANCE + COMPLAINT_CHANCE else dice.choice(QUESTIONS)


class Ambush:
    """When to strike: after some more answers, or just when something was done for a customer and nobody knows yet.

    It counts answers and not seconds, so that a busy machine gets fewer kills and not a run in which nothing works.
    """

    def __init__(self, world: World, ledger: Ledger, dice: random.Random) -> None:
        self._deeds, self._ledger, self._dice = Deeds(world.directory / "var"), ledger, dice

    async def __call__(self, seconds: float) -> None:
        """Return when it is time; `seconds` later than the answer that was waited for."""
        deadline = time.monotonic() + AMBUSH_WITHIN
        if self._dice.random() < AMBUSH_CHANCE:
            before = self._deeds.count()
            while (there := self._deeds.count()) == before and time.monotonic() < deadline:
                await asyncio.sleep(0.01)
            self._ledger.happened["struck just after an effect"] += there != before
            return
        due = answers(self._ledger) + self._dice.randint(*ANSWERS_BETWEEN)
        while answers(self._ledger) < due and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        await asyncio.sleep(seconds)


def answers(ledger: Ledger) -> int:
    """How many of the assistant's messages customers have seen in the widget."""
    shown = (message for talk in ledger.talks.values() for message in talk.seen.values())
    return sum(message["author"] == "assistant" for message in shown)


async def until_it_works_again(world: World, ledger: Ledger) -> None:
    """After the last kill: until customers are answered and something has been done for one; or patience ends."""
    before, deeds, deadline = answers(ledger), Deeds(world.directory / "var"), time.monotonic() + RECOVERS_WITHIN
    while time.monotonic() < deadline:
        ledger.happened[AGAIN] = answers(ledger) - before
        if ledger.happened[AGAIN] >= ENOUGH_ANSWERS and await asyncio.to_thread(deeds.complaints):
            return
        await asyncio.sleep(0.2)


async def start(world: World) -> None:
    """Start what the assistant consists of, and wait until it answers."""
    for part in world.assistant.parts:
        part.start()
    for part in world.assistant.parts:
        await asyncio.to_thread(part.until_serving, STARTS_WITHIN)


def hunts(world: World, ledger: Ledger, dice: random.Random, kills: int, until: float) -> list[Awaitable[None]]:
    """Kills and freezes of all three parts, each its share of so many."""

    def own() -> random.Random:
        return random.Random(dice.getrandbits(64))

    return [
        killing.hunt(world, part, ledger, own(), PACES[part.part], most, until, Ambush(world, ledger, own()))
        for part in (*world.replicas, *world.assistant.parts)
        if (most := math.ceil(kills * SHARES[part.part] / (len(world.replicas) if part.part == SERVICE else 1)))
    ]
