"""What the assistant answers to a turn, before it is committed."""

from __future__ import annotations

from dataclasses import dataclass

from handoff_service.switchboard.conversations import Identity
from handoff_service.switchboard.data_orders import DataOrder
from handoff_service.switchboard.files import StoredFile
from handoff_service.switchboard.handoffs import Signals
from handoff_service.switchboard.rules.buttons import Button
from handoff_service.switchboard.rules.handoff import Priority, Reason


@dataclass(frozen=True)
class Understood:
    """What the assistant took the message to be."""

    intent: str | None
    confidence: float | None
    frustration: float | None
    abuse: float | None = None


@dataclass(frozen=True)
class PauseAdvised:
    """The customer goes on insulting without needing anything: rest for so many seconds."""

    seconds: float
    signals: Signals


@dataclass(frozen=True)
class Document:
    """A document that the action server makes for this turn, under a reference of its own."""

    name: str
    mime: str
    ref: str


@dataclass(frozen=True)
class Said:
    """One message of the assistant's answer; its documents are in `files` once they have been fetched."""

    text: str
    buttons: tuple[Button, ...]
    documents: tuple[Document, ...] = ()
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The assistant's answer to a turn: words, or the advice to bring a person or to pause."""

    said: tuple[Said, ...]
    language: str
    understood: Understood
    handoff: Reason | None
    signals: Signals
    verified: Identity | None = None
    priority: Priority | None = None  # by the reason where the assistant doesn't say
    pause: PauseAdvised | None = None
    order: DataOrder | None = None
