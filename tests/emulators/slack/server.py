"""The emulator's HTTP server: Web API, WebSockets, files, response URLs, and the tests' control API."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

from aiohttp import web

from .abrupt import reset
from .acts import Acts
from .command_answers import answer_url
from .control import Control
from .delivery import Delivery
from .errors import SlackError
from .faults import Faults
from .signed_http import SignedHttp
from .sockets import Sockets
from .submissions import Submissions
from .web_api import WebApi
from .workspace import Workspace

Mode = Literal["up", "down", "black_hole"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"


class Emulator:
    """All parts of one emulated workspace, put together."""

    def __init__(self, seed: int = 0) -> None:
        self.ws = Workspace("", seed)
        self.faults = Faults(seed)
        self.sockets = Sockets(self.ws, seed)
        self.delivery = Delivery(self.ws, self.faults, self.sockets)
        self.acts = Acts(self.ws, self.delivery)
        self.submissions = Submissions(self.ws, self.acts, self.delivery)
        self.web_api = WebApi(self.ws, self.faults)
        self.mode: Mode = "up"
        self.ws.emit = self.delivery.emit
        self.ws.new_connection = self._connection_url

    def _connection_url(self) -> str:
        base = self.ws.base_url.replace("http", "ws", 1)
        return f"{base}/link/?ticket={self.sockets.ticket()}&app_id={self.ws.app.id}"

    def set_mode(self, mode: Mode, during_outage: Literal["dropped", "held"] = "dropped") -> None:
        """Take the platform down, into a black hole, or up again; what happens meanwhile is dropped or held."""
        self.mode = mode
        self.delivery.during_outage = during_outage
        self.sockets.silent = mode == "black_hole"
        if mode == "up":
            self.delivery.available.set()
            return
        self.delivery.available.clear()
        if mode == "down":
            self.sockets.kill()

    def use_http(self, base_url: str, signing_secret: str, paths: dict[str, str]) -> SignedHttp:
        transport = SignedHttp(self.ws, base_url, signing_secret, paths)
        self.delivery.transport = transport
        return transport

    def use_sockets(self) -> None:
        self.delivery.transport = self.sockets

    def application(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[self._platform_state])
        app.router.add_route("*", "/api/{method}", self.web_api.serve)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/upload/v1/{secret}", self._upload)
        app.router.add_get("/files-pri/{place}/{rest:.+}", self._download)
        app.router.add_get("/signin", self._sign_in)
        app.router.add_post("/{family:actions|commands}/{team}/{number}/{secret}", self._respond)
        app.router.add_post("/control/{verb}", Control(self).serve)
        return app

    @web.middleware
    async def _platform_state(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.mode == "up" or request.path.startswith("/control/"):
            return await handler(request)
        self.faults.fired[f"platform {self.mode}"] += 1
        if self.mode == "black_hole":
            while self.mode == "black_hole" and request.transport is not None:
                await asyncio.sleep(0.05)
        reset(request)
        return web.Response()

    async def _upload(self, request: web.Request) -> web.Response:
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0].file.read() if parts else b""
        else:
            content = await request.read()
        file = self.ws.files.receive(request.match_info["secret"], content)
        if file is None:
            return web.Response(status=400, text="upload refused")
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Only with the bot's token; anybody else is led to the sign-in page, as browsers are."""
        token = self.ws.tokens.find(request.headers.get("Authorization", "").removeprefix("Bearer "))
        file = self.ws.files.get(request.match_info["place"].rpartition("-")[2])
        if token is None or token.dead or "files:read" not in token.scopes:
            raise web.HTTPFound(f"{self.ws.base_url}/signin")
        if file is None or file.content is None:
            return web.Response(status=404, text="no such file")
        return web.Response(body=file.content, content_type=str(self.ws.files.as_json(file)["mimetype"]))

    async def _sign_in(self, request: web.Request) -> web.Response:
        return web.Response(text=SIGN_IN, content_type="text/html")

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            answer_url(self.ws, request.match_info["secret"], await request.json())
        except SlackError as refusal:
            gone = refusal.code in ("used_url", "expired_url", "invalid_url")
            return web.json_response(refusal.as_json(), status=404 if gone else 400)
        return web.Response(text="ok")

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on 127.0.0.1; gives the base URL."""
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.ws.set_base_url(base_url)
        try:
            yield base_url
        finally:
            await self.delivery.stop()
            self.sockets.kill()
            await runner.cleanup()
