"""Whose phone number it is, asked of the operator's system behind the action server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx

from handoff_service.switchboard.conversations import Identity

TIMEOUT = 4.0  # seconds
VERIFIED_FOR = timedelta(days=30)  # the chat stays on the customer's own phone
METHOD = "telegram_contact"


class CustomerLookup:
    """Finds customers by a number that Telegram vouches for."""

    def __init__(self, actions: httpx.AsyncClient) -> None:
        self._actions = actions

    async def by_phone(self, phone: str) -> Identity | None:
        """Who has this number; None if nobody does. Raises `httpx.HTTPError` if it can't be told now."""
        answer = await self._actions.post("/customers/by-phone", json={"phone": phone}, timeout=TIMEOUT)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        found = answer.raise_for_status().json()
        return Identity(found["customer_id"], found["name"], METHOD, datetime.now(UTC) + VERIFIED_FOR)
