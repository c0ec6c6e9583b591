"""The hands of a test on faults, limits, updates and time."""

from __future__ import annotations

from typing import Any, Protocol

from tests.emulators.telegram.views import Json


class Ask(Protocol):
    def __call__(self, verb: str, **arguments: Any) -> Any: ...


class _Hand:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask


class FaultBox(_Hand):
    """Rules for what goes wrong with calls, or with the delivery of updates.

    Each takes `chance` (1.0: always), `skip` (leave the first so many alone) and `times` (strike so often at most);
    rules about calls also `methods` (all, if none is named; "file" is a download) and `chats`.
    """

    def add(self, kind: str, **settings: Any) -> None:
        self._ask("add_fault", kind=kind, **settings)

    def too_many_requests(self, retry_after: int = 1, **rule: Any) -> None:
        self.add("too_many_requests", retry_after=retry_after, **rule)

    def server_error(self, status: int = 502, **rule: Any) -> None:
        """500 is answered in JSON, the others as the page of a gateway, unless there is a `description`."""
        self.add("server_error", status=status, **rule)

    def refused(self, status: int, description: str, **rule: Any) -> None:
        """Any refusal, word for word, such as 403 "Forbidden: user is deactivated"."""
        self.add("refused", status=status, description=description, **rule)

    def reset(self, **rule: Any) -> None:
        """The connection is reset, and the call was not carried out."""
        self.add("reset", **rule)

    def black_hole(self, seconds: float = 30, **rule: Any) -> None:
        """No answer at all for so long, then the connection is reset; the call was not carried out."""
        self.add("black_hole", seconds=seconds, **rule)

    def slow(self, seconds: float, **rule: Any) -> None:
        """Carried out only after so long, even if nobody waits any more."""
        self.add("slow", seconds=seconds, **rule)

    def lost_answer(self, **rule: Any) -> None:
        """Carried out, but instead of the answer comes a reset."""
        self.add("lost_answer", **rule)

    def slow_answer(self, seconds: float, **rule: Any) -> None:
        """Carried out at once and answered after so long."""
        self.add("slow_answer", seconds=seconds, **rule)

    def cut_answer(self, **rule: Any) -> None:
        """Carried out, but only half of the answer arrives."""
        self.add("cut_answer", **rule)

    def stuck_poll(self, seconds: float = 30, **rule: Any) -> None:
        """getUpdates never comes back, whatever its time-out."""
        self.add("black_hole", seconds=seconds, methods=["getUpdates"], **rule)

    def other_poller(self, **rule: Any) -> None:
        """getUpdates is answered 409, as if another instance of the bot polled."""
        self.add("conflict", **rule)

    def duplicate_updates(self, **rule: Any) -> None:
        """An update that was taken comes once more."""
        self.add("duplicate_update", **rule)

    def updates_out_of_order(self, **rule: Any) -> None:
        """Updates that wait together come in another order."""
        self.add("out_of_order", **rule)

    def clear(self, kind: str | None = None) -> None:
        self._ask("clear_faults", kind=kind)

    @property
    def fired(self) -> dict[str, int]:
        """How often each kind struck; what never did is 0."""
        counts: dict[str, int] = _Counts(self._ask("fired"))
        return counts


class _Counts(dict[str, int]):
    def __missing__(self, kind: str) -> int:
        return 0


class FloodLimits(_Hand):
    """Telegram's own limits; off until switched on."""

    def turn_on(self, **figures: float) -> None:
        """`overall` and `per_chat` a second, `per_chat_burst` at once, `per_group_minute`."""
        self._ask("limit", on=True, **figures)

    def turn_off(self) -> None:
        self._ask("limit", on=False)


class UpdateTap(_Hand):
    """The way from Telegram to the bot."""

    def hold(self) -> None:
        """Let updates pile up at Telegram."""
        self._ask("hold_updates", held=True)

    def release(self) -> None:
        self._ask("hold_updates", held=False)

    def renumber(self, next_id: int) -> None:
        """Number on from here, also backwards: Telegram draws anew after a week of silence."""
        self._ask("renumber_updates", next_id=next_id)

    def push(self, body: Json, lane: str = "raw") -> int:
        """An update of any shape, e.g. of a kind that nobody knows. Gives back its number."""
        return int(self._ask("push_update", body=body, lane=lane))

    def disturb_poller(self) -> None:
        """Another instance polls once: the long poll in progress ends with 409."""
        self._ask("disturb_poller")

    @property
    def is_polling(self) -> bool:
        """Whether a long poll waits at this moment."""
        return bool(self._ask("is_polling"))

    @property
    def pending(self) -> list[Json]:
        """What the bot has not confirmed, by poll or webhook."""
        return list(self._ask("pending_updates"))

    @property
    def confirmed(self) -> list[Json]:
        return list(self._ask("confirmed_updates"))

    @property
    def deliveries(self) -> list[Json]:
        """Every attempt of the webhook: `update_id`, `at`, `status` (None: no answer)."""
        return list(self._ask("deliveries"))

    @property
    def webhook(self) -> Json:
        return dict(self._ask("webhook_info"))


class ClockHand(_Hand):
    """Telegram's clock."""

    def advance(self, seconds: float) -> None:
        """Let time pass: buttons get too old, updates expire, limits are refilled."""
        self._ask("advance", seconds=seconds)

    def stand_still(self, still: bool = True) -> None:
        """Stop the clock, so that only `advance` moves it (or let it go on)."""
        self._ask("stand_still", still=still)
