"""The Bot API's methods, apart from those that fetch updates or set the webhook."""

from __future__ import annotations

from tests.emulators.telegram.methods import callbacks, chats, editing, media, profile, sending
from tests.emulators.telegram.methods.registry import find

__all__ = ["callbacks", "chats", "editing", "find", "media", "profile", "sending"]
