"""Which backend the settings ask for."""

from __future__ import annotations

from actions.backend.http.billing import HttpBackend
from actions.backend.interface import Backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.settings import Settings


def open_backend(settings: Settings) -> Backend:
    """The billing system at `backend_url`, or without one the embedded demo operator, under the data directory."""
    if settings.backend_url:
        return HttpBackend(settings.backend_url, settings.backend_token)
    return EmbeddedBackend(settings.data_dir / "backend.db", settings.terms, settings.today, settings.timezone)
