"""The Web API over HTTP: reads the call, checks the token, lets faults strike, answers as Slack answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from . import methods
from .abrupt import reset
from .calls import METHODS, Call, Listed
from .errors import SlackError
from .faults import Fault, Faults
from .journal import Request
from .limits import Limits
from .tokens import Token
from .workspace import Workspace

Json = dict[str, Any]
HTML = "<!DOCTYPE html><html><head><title>Slack | Server Error</title></head><body><h1>Oh no!</h1></body></html>"
assert methods.__all__


class WebApi:
    def __init__(self, ws: Workspace, faults: Faults) -> None:
        self._ws, self._faults = ws, faults
        self.limits = Limits(ws.settings)
        self._late: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.Response:
        """`/api/<method>`, GET or POST."""
        name = request.match_info["method"]
        token, args = await _read(request)
        entry = self._ws.journal.begin(name, _kind(token), args)
        if self._ws.settings.latency_seconds:
            await asyncio.sleep(self._ws.settings.latency_seconds)

        def carry_out() -> web.Response:
            return self._answer(entry, name, token, args, request.content_type == "application/json")

        fault = self._faults.draw(name)
        if fault is None:
            return carry_out()
        entry.fault = fault.kind
        return await self._strike(fault, request, entry, carry_out)

    async def _strike(
        self, fault: Fault, request: web.Request, entry: Request, carry_out: Callable[[], web.Response]
    ) -> web.Response:
        match fault.kind:
            case "ratelimited":
                return _refused(entry, fault.retry_after)
            case "server_error":
                entry.status = fault.status
                return web.Response(status=fault.status, text="upstream connect error or disconnect/reset")
            case "html":
                entry.status = fault.status
                return web.Response(status=fault.status, text=HTML, content_type="text/html")
            case "error":
                return _said(entry, SlackError(fault.error).as_json())
            case "slow":
                await asyncio.sleep(fault.seconds)
                return carry_out()
            case "late_landing":
                self._land_later(fault.seconds, entry, carry_out)
            case "lost_reply":
                carry_out()
                entry.status = 0
                await asyncio.sleep(fault.seconds)
            case "black_hole":
                await asyncio.sleep(fault.seconds or 3600)
        reset(request)
        return web.Response()

    def _land_later(self, seconds: float, entry: Request, carry_out: Callable[[], web.Response]) -> None:
        async def land() -> None:
            await asyncio.sleep(seconds)
            carry_out()
            entry.status = 0

        task = asyncio.create_task(land())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def _answer(self, entry: Request, name: str, secret: str, args: Json, as_json: bool) -> web.Response:
        headers: dict[str, str] = {}
        try:
            token = self._token(secret)
            listed = METHODS.get(name)
            if listed is None:
                raise SlackError("unknown_method", req_method=name)
            headers = {"X-OAuth-Scopes": ",".join(sorted(token.scopes)), "X-Accepted-OAuth-Scopes": listed.scope}
            wait = self.limits.wait_for(name, str(args.get("channel", "")))
            if wait:
                return _refused(entry, str(wait))
            answer = {"ok": True} | self._run(name, listed, token, {} if as_json and not listed.takes_json else args)
            entry.landed = True
        except SlackError as refusal:
            answer = refusal.as_json()
        return _said(entry, answer, headers)

    def _run(self, name: str, listed: Listed, token: Token, args: Json) -> Json:
        call = Call(name, self._ws, token, args)
        if listed.token_kind not in ("any", token.kind):
            raise SlackError("not_allowed_token_type")
        if listed.scope:
            call.need(listed.scope)
        return listed.run(call)

    def _token(self, secret: str) -> Token:
        if not secret:
            raise SlackError("not_authed")
        token = self._ws.tokens.find(secret)
        if token is None:
            raise SlackError("invalid_auth")
        if token.dead:
            raise SlackError(token.dead)
        return token


async def _read(request: web.Request) -> tuple[str, Json]:
    """The token, from the header or the arguments, and the arguments without it."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except json.JSONDecodeError:
            body = {}
        args |= body if isinstance(body, dict) else {}
    elif request.can_read_body:
        args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    given = str(args.pop("token", "") or "")
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return (secret.strip() if scheme.lower() == "bearer" else given), args


def _kind(secret: str) -> str:
    return secret.partition("-")[0] if secret else ""


def _refused(entry: Request, retry_after: str | None) -> web.Response:
    entry.status, entry.ok, entry.error = 429, False, "ratelimited"
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _said(entry: Request, answer: Json, headers: dict[str, str] | None = None) -> web.Response:
    entry.status, entry.ok, entry.error = 200, bool(answer["ok"]), str(answer.get("error", ""))
    entry.answer = json.loads(json.dumps(answer))
    return web.json_response(answer, headers=headers)
