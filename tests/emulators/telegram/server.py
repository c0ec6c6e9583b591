"""The emulator as a web server: in this thread, in a thread of its own, or as a process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType

from aiohttp import web

from tests.emulators.telegram.control.endpoint import Control
from tests.emulators.telegram.world import DEFAULT_TOKEN

LARGEST_REQUEST = 64 * 1024 * 1024
SHUTDOWN_SECONDS = 0.2
START_SECONDS = 20


def application(control: Control) -> web.Application:
    """The Bot API, its files, and the control."""

    # The world may be replaced while the server runs, so the API is looked up at each call.
    async def call(request: web.Request) -> web.StreamResponse:
        return await control.api.handle(request)

    async def download(request: web.Request) -> web.StreamResponse:
        return await control.api.download(request)

    async def nothing_here(request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)

    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", download)
    app.router.add_post("/control/{verb}", control.handle)
    app.router.add_route("*", "/{rest:.*}", nothing_here)
    return app


class Server:
    """Listens on 127.0.0.1; port 0 takes a free one."""

    def __init__(self, port: int = 0, token: str = DEFAULT_TOKEN, seed: int = 0) -> None:
        self._port, self._token, self._seed = port, token, seed
        self.url = ""

    async def serve(self, until: asyncio.Event, ready: Callable[[], object]) -> None:
        """Serve until told otherwise; `ready` is called once it listens and `url` is known."""
        control = Control(self._token, self._seed)
        runner = web.AppRunner(application(control), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            ready()
            await until.wait()
        finally:
            control.stop()
            await runner.cleanup()


class ServerThread:
    """A server in a thread of its own; use it as a context."""

    def __init__(self, port: int = 0, token: str = DEFAULT_TOKEN, seed: int = 0) -> None:
        self._server = Server(port, token, seed)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._stop: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, name="telegram-emulator", daemon=True)

    @property
    def url(self) -> str:
        return self._server.url

    def __enter__(self) -> ServerThread:
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or self._failure is not None:
            raise RuntimeError("the emulator did not start") from self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._thread.join(START_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        until, loop = asyncio.Event(), asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(until.set)
        await self._server.serve(until, self._ready.set)
