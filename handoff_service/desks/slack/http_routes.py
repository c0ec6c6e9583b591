"""Slack over signed HTTP: verify, store, say yes. Without the secret there is nothing here."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from handoff_service.desks.slack.intake import Intake
from handoff_service.desks.slack.signature import is_slacks

LARGEST_BODY = 1024 * 1024  # bytes

Json = dict[str, Any]
Take = Callable[[Json], Awaitable[bool]]


def router(secret: str, intake: Intake | None) -> APIRouter:
    """`/slack/events`, `/slack/interactivity` and `/slack/commands`."""
    routes = APIRouter(include_in_schema=False)

    async def verified(request: Request) -> bytes | None:
        """The raw body of a request that is Slack's."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return None
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        return bytes(body) if is_slacks(secret, timestamp, signature, bytes(body), time.time()) else None

    async def answer(request: Request, read: Callable[[bytes], Json], take: Callable[[Intake], Take]) -> Response:
        if not secret or intake is None:
            return JSONResponse({"detail": "Not Found"}, 404)
        body = await verified(request)
        if body is None:
            return JSONResponse({"detail": "The signature does not fit."}, 401)
        try:
            payload = read(body)
        except (ValueError, KeyError, RecursionError):
            return JSONResponse({"detail": "Not understood."}, 400)
        if payload.get("type") == "url_verification":
            return JSONResponse({"challenge": str(payload.get("challenge", ""))})
        return Response(status_code=200 if await take(intake)(payload) else 503)

    @routes.post("/slack/events")
    async def events(request: Request) -> Response:
        return await answer(request, _json, lambda intake: intake.event)

    @routes.post("/slack/interactivity")
    async def interactivity(request: Request) -> Response:
        return await answer(request, lambda body: _json(_form(body)["payload"]), lambda intake: intake.interaction)

    @routes.post("/slack/commands")
    async def commands(request: Request) -> Response:
        return await answer(request, _form, lambda intake: intake.command)

    return routes


def _json(body: bytes | str) -> Json:
    payload = json.loads(body)
    if not isinstance(payload, dict):
        raise ValueError("an object is expected")
    return payload


def _form(body: bytes) -> Json:
    return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
