"""The demo site of the fictional operator, where the widget can be tried and one can log in as a demo customer."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from starlette.responses import FileResponse

from handoff_service.channels.identity import sign_identity
from handoff_service.settings import PROJECT, Settings

PAGE = PROJECT / "handoff_service" / "demo_site"
CUSTOMERS = PROJECT / "actions" / "backend" / "demo_customers.json"
LOGIN_LIFE = timedelta(hours=12)
TEXTS_TIMEOUT = 2.0  # seconds


class LoginIn(BaseModel):
    """Which demo customer to be."""

    customer_id: str


def router(settings: Settings, actions: httpx.AsyncClient) -> APIRouter:
    """`/` and what its page asks for. Logging in exists only where the launcher made the identity secret itself."""
    routes = APIRouter(include_in_schema=False)
    may_log_in = settings.demo_login and bool(settings.widget_identity_secret.get_secret_value())
    customers: list[dict[str, Any]] = json.loads(CUSTOMERS.read_text(encoding="utf-8")) if may_log_in else []

    @routes.get("/")
    async def index() -> FileResponse:
        return FileResponse(PAGE / "index.html")

    @routes.get("/demo/config")
    async def config() -> dict[str, Any]:
        return {"operator": settings.operator_name, "login": may_log_in, "customers": customers}

    if may_log_in:

        @routes.post("/demo/login")
        async def login(body: LoginIn) -> dict[str, str]:
            for customer in customers:
                if customer["id"] == body.customer_id:
                    secret = settings.widget_identity_secret.get_secret_value()
                    return {"identity": sign_identity(customer["id"], customer["name"], secret, LOGIN_LIFE)}
            raise HTTPException(404, "There is no such demo customer.")

        @routes.get("/demo/texts")
        async def texts() -> dict[str, Any]:
            """The text messages that the demo operator sent; nobody's phone rings."""
            try:
                answer = await actions.get("/demo/texts", timeout=TEXTS_TIMEOUT)
                sent: list[dict[str, Any]] = answer.raise_for_status().json()["texts"]
            except (httpx.HTTPError, ValueError, KeyError):
                raise HTTPException(503, "The text messages can't be read now.") from None
            return {"texts": sent}

    return routes
