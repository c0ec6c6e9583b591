"""The demo operator's text messages: nobody's phone rings, the demo site shows them instead."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from threading import Lock

SHOWN_FOR_S = 600.0
MOST_KEPT = 20
DIGITS_SHOWN = 3


@dataclass(frozen=True)
class SentText:
    """A text message; `to` is the number with all but its last digits hidden, `sent_at` seconds since the epoch."""

    to: str
    text: str
    sent_at: float


class DemoTexts:
    """The newest text messages, kept in memory only and for ten minutes. Any thread may use it."""

    def __init__(self) -> None:
        self._texts: deque[SentText] = deque(maxlen=MOST_KEPT)
        self._lock = Lock()

    def send(self, phone: str, text: str) -> None:
        with self._lock:
            self._texts.append(SentText(masked(phone), text, time.time()))

    def newest_first(self) -> tuple[SentText, ...]:
        shown_from = time.time() - SHOWN_FOR_S
        with self._lock:
            return tuple(sent for sent in reversed(self._texts) if sent.sent_at >= shown_from)


def masked(phone: str) -> str:
    """The number as it may be shown: «··· 001»."""
    return f"··· {phone[-DIGITS_SHOWN:]}"
