"""Which backend the settings ask for."""

from __future__ import annotations

from actions.backend.interface import Backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.settings import Settings


def open_backend(settings: Settings) -> Backend:
    """The embedded demo operator, under the data directory; another system behind `Backend` is chosen here."""
    return EmbeddedBackend(settings.data_dir / "backend.db", settings.terms, settings.today)
