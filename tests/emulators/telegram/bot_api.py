"""The Bot API over HTTP: `/bot<TOKEN>/<method>` and `/file/bot<TOKEN>/<path>`."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from aiohttp import web

from tests.emulators.telegram import faults
from tests.emulators.telegram.errors import (
    ApiError,
    conflict,
    method_not_found,
    not_found,
    too_many_requests,
    unauthorized,
)
from tests.emulators.telegram.faults import Fault
from tests.emulators.telegram.journal import Call
from tests.emulators.telegram.methods import find
from tests.emulators.telegram.model import Json
from tests.emulators.telegram.parameters import Parameters, read_parameters
from tests.emulators.telegram.polling import OTHER_POLLER, WEBHOOK_ACTIVE, WEBHOOK_SET, Polling
from tests.emulators.telegram.webhook import Webhook
from tests.emulators.telegram.world import World

_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


class ConnectionLost(Exception):
    """The connection is gone; there is nobody to answer."""


class BotApi:
    """Carries calls out, and makes them suffer what the faults say."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.polling = Polling(world)
        self.webhook = Webhook(world, self.carry_out)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        if token != self.world.bot.token:
            return _refusal(unauthorized() if ":" in token else not_found())
        try:
            parameters = await read_parameters(request)
        except ApiError as error:
            return _refusal(error)
        call = self.world.journal.open(method, parameters.values, self.world.clock.now())
        try:
            response = await self._suffer(request, call, parameters)
            call.status = response.status
            return response
        except ConnectionLost:
            _reset(request)
            return web.Response(status=500)
        finally:
            call.finished_at = self.world.clock.now()
            self.world.changes.tell()

    async def download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.world.bot.token:
            return _refusal(unauthorized())
        stored = self.world.files.at(request.match_info["path"])
        fault = self.world.faults.draw(faults.BEFORE | faults.DELAYS, "file")
        if fault is not None and fault.kind != "slow":
            try:
                return await self._fail(fault)
            except ConnectionLost:
                _reset(request)
        elif fault is not None:
            await asyncio.sleep(fault.seconds)
        return _refusal(not_found()) if stored is None else web.Response(body=stored.content)

    async def carry_out(self, method: str, parameters: Parameters) -> Any:
        """Do what the call says, without HTTP. Raises ApiError."""
        name = method.lower()
        if name == "getupdates":
            if self.webhook.url:
                raise conflict(WEBHOOK_ACTIVE)
            return await self.polling.get_updates(parameters)
        if name in ("setwebhook", "deletewebhook"):
            if name == "deletewebhook":
                parameters.values.pop("url", None)
            description = self.webhook.set(parameters)
            if self.webhook.url:
                self.polling.end(WEBHOOK_SET)
            return _Described(description)
        if name == "getwebhookinfo":
            return self.webhook.info()
        function = find(name)
        if function is None:
            raise method_not_found()
        return function(self.world, parameters)

    async def _suffer(self, request: web.Request, call: Call, parameters: Parameters) -> web.StreamResponse:
        fault = self.world.faults.draw(faults.BEFORE | faults.DELAYS | faults.AFTER, call.method, call.chat)
        if fault is not None:
            call.fault = fault.kind
            if fault.kind in faults.BEFORE:
                return await self._fail(fault)
            if fault.kind in faults.DELAYS:
                await asyncio.sleep(fault.seconds)
        response = await self._respond(call, parameters)
        if fault is not None and fault.kind in faults.AFTER:
            await _lose(request, response, fault)
        return response

    async def _respond(self, call: Call, parameters: Parameters) -> web.Response:
        try:
            wait = self.world.limits.seconds_to_wait(call.method, call.chat)
            if wait:
                raise too_many_requests(wait)
            result = await self.carry_out(call.method, parameters)
        except ApiError as error:
            call.description = error.description
            return _refusal(error)
        call.carried_out = True
        body: Json = {"ok": True, "result": result}
        if isinstance(result, _Described):
            body = {"ok": True, "result": True, "description": result.description}
        call.result = body["result"]
        return web.json_response(body)

    async def _fail(self, fault: Fault) -> web.Response:
        """The answer to a call that is not carried out."""
        if fault.kind == "too_many_requests":
            return _refusal(too_many_requests(fault.retry_after))
        if fault.kind == "conflict":
            return _refusal(conflict(fault.description or OTHER_POLLER))
        if fault.kind == "refused":
            return _refusal(ApiError(fault.status, fault.description))
        if fault.kind == "server_error":
            return _server_error(fault)
        if fault.kind == "black_hole":
            await asyncio.sleep(fault.seconds)
        raise ConnectionLost


class _Described:
    """The result `true` with a word to it."""

    def __init__(self, description: str) -> None:
        self.description = description


def _refusal(error: ApiError) -> web.Response:
    headers = {"Retry-After": str(error.parameters["retry_after"])} if error.code == 429 and error.parameters else {}
    return web.json_response(error.body(), status=error.code, headers=headers)


def _server_error(fault: Fault) -> web.Response:
    """Telegram's own servers answer in JSON, the ones in front of them with a page."""
    reason = _REASONS.get(fault.status, "Internal Server Error")
    if fault.status == 500 or fault.description:
        return _refusal(ApiError(fault.status, fault.description or reason))
    page = f"<html>\r\n<head><title>{fault.status} {reason}</title></head>\r\n<body>\r\n</body>\r\n</html>\r\n"
    return web.Response(status=fault.status, text=page, content_type="text/html")


async def _lose(request: web.Request, response: web.Response, fault: Fault) -> None:
    """Keep the answer to a call that was carried out from arriving, or from arriving whole or in time."""
    if fault.kind == "slow_answer":
        await asyncio.sleep(fault.seconds)
        return
    if fault.kind == "cut_answer":
        body = response.body if isinstance(response.body, bytes) else b""
        cut = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
        await cut.prepare(request)
        await cut.write(body[: len(body) // 2])
    raise ConnectionLost


def _reset(request: web.Request) -> None:
    """Close the connection the hard way: the other side sees a reset."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
