"""A scripted service that speaks the agents' API and the desk's socket, for what the real one can't be made to do.

It keeps the contract (order of the queue, one holder, ids that repeat harmlessly, notes without number) and can be
told to fail, to be slow, to hang up or to stay away. All its methods may be called from the test's thread.

    python -m tests.browser.desk_server 8320     serves the console with a busy desk, to look at
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.desk_script import ROUTES, Action, Desk, Fault, Json, Refusal

CONSOLE = Path(__file__).resolve().parents[2] / "handoff_service" / "desks" / "console_static"
#: Stricter than any deployment would be: nothing inline, nothing from elsewhere.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'none'",
    ]
)
OPEN = ("queued", "assigned")


def endpoint(desk: Desk, action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        body = json.loads(await request.body() or b"{}")
        desk.calls.append((request.method, request.url.path, body or None))
        if desk.away:
            return JSONResponse({"detail": "away"}, 503)
        agent = desk.agents.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if agent is None:
            return JSONResponse({"detail": "An agent's token is needed."}, 401)
        fault = due_fault(desk, request)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.status and not fault.applied:
            return JSONResponse(fault.body or {"detail": "out of order"}, fault.status)
        try:
            done = await action(desk, agent, request, body)
        except Refusal as refusal:
            return refusal.response
        if fault and fault.late:
            await asyncio.sleep(fault.late)
        return JSONResponse({"detail": "the answer was lost"}, fault.status) if fault and fault.applied else done

    return answer


def due_fault(desk: Desk, request: Request) -> Fault | None:
    for fault in desk.faults:
        if fault.times and fault.method == request.method and request.url.path.endswith(fault.ending):
            fault.times -= 1
            return fault
    return None


def desk_socket(desk: Desk) -> Callable[[WebSocket], Awaitable[None]]:
    async def serve(socket: WebSocket) -> None:
        if desk.away:
            await socket.close(1013)
            return
        await socket.accept()
        try:
            while True:
                await handle(desk, socket, await socket.receive_json())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            desk.sockets.pop(socket, None)

    return serve


async def handle(desk: Desk, socket: WebSocket, frame: Json) -> None:
    desk.heard.append(frame)
    if desk.dumb:
        return
    if frame["type"] == "ping":
        await socket.send_json({"type": "pong"})
    if frame["type"] != "hello":
        return
    agent = desk.agents.get(frame["token"])
    if agent is None:
        await socket.send_json({"type": "error", "code": "unauthorized", "message": "Greet with a valid token."})
        return
    me = {"name": agent.name, "role": agent.role}
    await socket.send_json({"type": "welcome", "agent": me, "handoffs": desk.listed(*OPEN)})
    desk.sockets[socket] = agent


def application(desk: Desk) -> Starlette:
    """The console's files, the API and the socket."""

    async def console(request: Request) -> Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return FileResponse(CONSOLE / "index.html", headers=headers)

    routes = [Route(path, endpoint(desk, action), methods=[method]) for method, path, action in ROUTES]
    return Starlette(
        routes=[
            Route("/console", console),
            *routes,
            WebSocketRoute("/v1/desk", desk_socket(desk)),
            Mount("/console/static", StaticFiles(directory=CONSOLE)),
        ]
    )


class DeskServer:
    """The stand-in on a port of its own, in a thread of its own."""

    def __init__(self, port: int = 0) -> None:
        self.desk = Desk()
        self.url = ""
        config = uvicorn.Config(
            application(self.desk),
            "127.0.0.1",
            port,
            log_level="critical",
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve()  # a free port is chosen for port 0

        asyncio.run(main())

    def start(self) -> DeskServer:
        """Returns once it answers; raises when the port is taken."""
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the stand-in could not be served")
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        return self

    def stop(self) -> None:
        """Hangs up and ends."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    def do(self, work: Awaitable[Any]) -> Any:
        """Run one of the desk's coroutines where it lives, and wait for it."""
        assert self._loop is not None

        async def run() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    # ---- what tests make happen --------------------------------------------------------------------

    def change(self, handoff_id: str, **fields: Any) -> Json:
        """Open or change a handoff, as another desk or the switchboard would."""
        return self.do(self.desk.change(handoff_id, **fields))

    def say(self, handoff_id: str, author: str, text: str, **fields: Any) -> Json:
        """A message or note comes in from elsewhere."""
        return self.do(self.desk.say(handoff_id, author, text, **fields))

    def tell(self, **frame: Any) -> None:
        """Any frame, to every console."""
        self.do(self.desk.tell(frame))

    def types(self, handoff_id: str) -> None:
        """The customer is typing."""
        self.tell(type="typing", **self.desk.about(handoff_id), author="customer")

    def hang_up(self) -> None:
        """Every console loses its line, without a goodbye."""

        async def close() -> None:
            for socket in list(self.desk.sockets):
                await socket.close(1012)

        self.do(close())

    def go_away(self) -> None:
        """The service can't be reached until `come_back`."""
        self.desk.away = True
        self.hang_up()

    def come_back(self) -> None:
        """The service answers again."""
        self.desk.away = False

    def fail(self, method: str, ending: str, **how: Any) -> None:
        """The next call of this method whose path ends so goes wrong (see `Fault`)."""
        self.desk.faults.append(Fault(method, ending, **how))

    def called(self, method: str, ending: str) -> list[Json | None]:
        """The bodies of the calls of this method whose path ended so."""
        return [body for made, path, body in self.desk.calls if made == method and path.endswith(ending)]


if __name__ == "__main__":
    from tests.browser.busy_desk import furnish

    server = DeskServer(int(sys.argv[1]))
    furnish(server.desk)
    server.start()
    print(f"{server.url}/console#token=ana-token")
    threading.Event().wait()
