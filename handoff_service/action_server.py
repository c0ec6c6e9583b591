"""The way to the action server for all who ask it something: one client, since making one takes a tenth of a second."""

from __future__ import annotations

import httpx

from handoff_service.settings import Settings

TIMEOUT = 3.0  # seconds, where a call sets no other


def client_of_action_server(settings: Settings) -> httpx.AsyncClient:
    """A client with the parts' secret, to be closed at the end; its calls name paths."""
    return httpx.AsyncClient(
        base_url=settings.actions_url,
        headers={"Authorization": f"Bearer {settings.relevo_secret.get_secret_value()}"},
        timeout=TIMEOUT,
        trust_env=False,
    )
