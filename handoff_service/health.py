"""Alive, and ready to serve a customer: for balancers, for start-up, and for people who look what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import JSONResponse

from handoff_service.store.database import Store, StoreUnavailable, Transaction
from handoff_service.switchboard.door import HEALTH_TIMEOUT, Door

if TYPE_CHECKING:
    from handoff_service.desks.slack.desk import SlackDesk


@dataclass
class Health:
    """The states of the parts a customer needs."""

    store: Store
    door: Door
    actions: httpx.AsyncClient
    slack: SlackDesk | None
    _been_up: set[str] = field(default_factory=set)

    def router(self) -> APIRouter:
        """`/healthz` and `/readyz`."""
        router = APIRouter()

        @router.get("/healthz")
        async def healthz() -> dict[str, str]:
            return {"status": "ok"}

        @router.get("/readyz")
        async def readyz() -> JSONResponse:
            parts = await self.parts()
            ready = all(state == "ok" for state in parts.values())
            return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503)

        return router

    async def parts(self) -> dict[str, str]:
        """Each part as `ok`, `starting` (never seen up yet) or `down`; Slack, if on, also as what it complains of."""
        parts = {
            "database": self._state("database", await self._database()),
            "assistant": self._state("assistant", await self.door.is_open()),
            "actions": self._state("actions", await self._actions()),
        }
        return {**parts, "slack": self.slack.health.shown} if self.slack else parts

    def _state(self, part: str, is_up: bool) -> str:
        if is_up:
            self._been_up.add(part)
            return "ok"
        return "down" if part in self._been_up else "starting"

    async def _database(self) -> bool:
        try:
            await self.store.run(_can_write)
        except StoreUnavailable:
            return False
        return True

    async def _actions(self) -> bool:
        try:
            return (await self.actions.get("/health", timeout=HEALTH_TIMEOUT)).is_success
        except httpx.HTTPError:
            return False


def _can_write(tx: Transaction) -> None:
    tx.connection.execute(text("UPDATE conversations SET epoch = epoch WHERE id = ''"))
