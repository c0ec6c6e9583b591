"""The breaking part of the tests' client: connections, outages, and faults by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from .faults import ApiFault, EventFault
from .looking import Looking


class FaultSwitches(Looking):
    """Switches what goes wrong; `faults_fired` counts what did."""

    def fault(
        self,
        method: str,
        kind: ApiFault,
        *,
        probability: float = 1.0,
        times: int | None = None,
        after: int = 0,
        seconds: float = 0.0,
        status: int = 503,
        error: str = "internal_error",
        retry_after: str | None = "1",
    ) -> None:
        """Let calls of a method ("chat.postMessage", "chat.*", "*") fail in this way; see `faults.Fault`."""
        self._do(
            "fault", on=method, kind=kind, probability=probability, times=times, after=after, seconds=seconds,
            status=status, error=error, retry_after=retry_after,
        )  # fmt: skip

    def fault_events(
        self,
        kind: EventFault,
        event: str = "*",
        *,
        probability: float = 1.0,
        times: int | None = None,
        after: int = 0,
        seconds: float = 0.0,
        copies: int = 2,
    ) -> None:
        """Let events (of this type) go wrong on their way; they stay in the history."""
        self._do(
            "fault", on=f"event:{event}", kind=kind, probability=probability, times=times, after=after,
            seconds=seconds, copies=copies,
        )  # fmt: skip

    def clear_faults(self, on: str = "") -> None:
        """Switch off all rules, or those on one method or `event:<type>`; the counts stay."""
        self._do("clear_faults", on=on)

    def reseed(self, seed: int) -> None:
        """Throw the dice anew from here."""
        self._do("reseed", seed=seed)

    def down(self, *, events: Literal["dropped", "held"] = "dropped") -> None:
        """Every request and connection is reset; events meanwhile are never sent, or held until `up`."""
        self._do("set_mode", mode="down", during_outage=events)

    def black_hole(self, *, events: Literal["dropped", "held"] = "dropped") -> None:
        """Requests are never answered and sockets fall silent, but nothing is closed."""
        self._do("set_mode", mode="black_hole", during_outage=events)

    def up(self) -> None:
        self._do("set_mode", mode="up", during_outage="dropped")

    def subscribe(self, *, unsubscribed: Iterable[str] = ()) -> None:
        """Which event types are switched off for the app (`"*"`: all); none by default."""
        self._do("subscribe", unsubscribed=list(unsubscribed))

    def redeliver(self, event_id: str, *, retry: bool = False) -> None:
        """Bring an event again, whenever and whatever became of it; `retry` marks it as a repetition."""
        self._do("redeliver", event_id=event_id, retry=retry)

    def refresh_sockets(self, warning_seconds: float = 0.2) -> None:
        """Ask the app to renew its connections: `warning`, `refresh_requested`, close."""
        self._do("refresh_sockets", warning_seconds=warning_seconds)

    def kill_sockets(self, count: int | None = None) -> int:
        """Reset connections without a goodbye; gives how many."""
        return int(self._do("kill_sockets", count=count))

    def silence_sockets(self, silent: bool = True) -> None:
        """Connections stay, but nothing comes through them, pongs neither."""
        self._do("silence_sockets", silent=silent)

    def use_http(self, base_url: str, signing_secret: str, paths: Mapping[str, str] | None = None) -> bool:
        """Signed HTTP in place of sockets; gives whether the events URL answered the challenge.

        `paths` replaces `/slack/events`, `/slack/interactivity`, `/slack/commands` (by the envelope families' names).
        """
        return bool(self._do("use_http", base_url=base_url, signing_secret=signing_secret, paths=dict(paths or {})))

    def use_sockets(self) -> None:
        self._do("use_sockets")
