"""Armed boundaries: the process ends itself at one of them, by SIGKILL, or writes down which ones it passes."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

from handoff_service import crash_points
from tests.torture.nursery import Fate

COMMITS = (  # the use-cases whose transactions everything hangs on
    "channels.telegram.delivery.next_call",
    "channels.telegram.delivery.sent",
    "channels.telegram.handling.take",
    "channels.telegram.intake._keep_all",
    "desks.slack.presses._direct",
    "desks.slack.relaying.take",
    "desks.slack.threads.adopt",
    "desks.slack.attempts.begin_sending",
    "desks.slack.attempts.has_landed",
    "switchboard.handoffs.claim",
    "switchboard.handoffs.resolve",
    "switchboard.inbox.keep",
    "switchboard.receiving.receive",
    "switchboard.replies.reply",
    "switchboard.turns.begin_turn",
    "switchboard.turns.finish_turn",
)
REQUIRED = (
    *(f"{moment} commit: {use_case}" for use_case in COMMITS for moment in ("before", "after")),
    *(f"{moment} ack: {channel}" for channel in ("widget", "slack") for moment in ("before", "after")),
    "before ack: telegram",
    *(
        f"{moment} call: {called}"
        for called in ("assistant", "telegram", "chat.postMessage", "chat.update", "conversations.replies")
        for moment in ("before", "after")
    ),
)


def name_of(boundary: str, what: object) -> str:
    """The boundary's name; "" for what has none of its own."""
    if isinstance(what, str):
        return f"{boundary}: {what}"
    module, name = getattr(what, "__module__", ""), getattr(what, "__qualname__", "<")
    return "" if "<" in name else f"{boundary}: {module.removeprefix('handoff_service.')}.{name}"


def arm(fate: Fate) -> None:
    """Let this process meet its fate."""
    if not fate.crash_at and not fate.records:
        return
    passed: Counter[str] = Counter()

    def meet(boundary: str, what: object) -> None:
        name = name_of(boundary, what)
        passed[name] += 1
        if fate.records and name and passed[name] == 1:
            _tell(fate.told, name)
        if name == fate.crash_at and passed[name] > fate.crash_after:
            _tell(fate.told, name)
            os.kill(os.getpid(), signal.SIGKILL)

    crash_points.arm(meet)


def _tell(path: str, name: str) -> None:
    with Path(path).open("a", encoding="utf-8") as told:
        told.write(name + "\n")
