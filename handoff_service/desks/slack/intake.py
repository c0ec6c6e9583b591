"""What Slack brings is committed to the inbox before Slack is told yes; a modal is opened at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from handoff_service.desks.slack import payloads
from handoff_service.desks.slack.modals import Modals
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import inbox

SOURCE = "slack"
MODALS = frozenset(
    {"resolve", "transfer", "canned", "canned_pick", "snooze", "suggestion_edit"}
)  # verbs that only open or change a form

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass
class Intake:
    """The same for Socket Mode and for signed HTTP. Each verb is True once Slack may be told yes."""

    store: Store
    channels: frozenset[str]
    wake: Callable[[], None]
    modals: Modals
    _opening: set[asyncio.Task[None]] = field(default_factory=set)

    async def event(self, payload: Json) -> bool:
        """An Events API payload; repeats are welcome, they may be the only delivery."""
        record = payloads.of_event(payload)
        if record is None or (record["kind"] != "home" and record["channel"] not in self.channels):
            return True
        identity = str(payload.get("event_id") or ":".join(str(record.get(key)) for key in ("channel", "ts", "moment")))
        return await self._keep(identity, record)

    async def interaction(self, payload: Json) -> bool:
        """A press or a submitted form; Slack never brings these again."""
        record = payloads.of_interaction(payload)
        if record is None:
            return True
        if record["kind"] == "press" and record["verb"] in MODALS:
            self._open(record, str(payload.get("trigger_id") or ""))
            return True
        return await self._keep(f"{record['kind']}:{_identity(payload)}", record)

    async def command(self, form: Json) -> bool:
        """A slash command."""
        record = payloads.of_command(form)
        return True if record is None else await self._keep(f"command:{form.get('trigger_id')}", record)

    def _open(self, record: Json, trigger_id: str) -> None:
        """The trigger is good for three seconds: the form is opened now, and what it says is stored later."""
        task = asyncio.create_task(self.modals.open(record, trigger_id))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _keep(self, external_id: str, record: Json) -> bool:
        try:
            await self.store.run(inbox.keep, SOURCE, external_id[:200], record)
        except StoreUnavailable:
            log.warning("slack_intake_without_store", kind=record["kind"])
            return False
        self.wake()
        return True


def _identity(payload: Json) -> str:
    """What tells one press or submission from another; the same again is a replay."""
    return str(payload.get("trigger_id") or (payload.get("view") or {}).get("id") or "")
