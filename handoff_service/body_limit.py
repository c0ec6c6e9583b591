"""No body is taken in beyond what its route needs: else it would fill the disk before anybody asks whose it is."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff_service.switchboard.files import LARGEST

MEGABYTE = 2**20
MOST_WITH_A_FILE = LARGEST + MEGABYTE  # bytes: the file and what is around it
MOST = 4 * MEGABYTE
WITH_A_FILE = "/v1/widget/files"
TOO_LARGE = "What was sent is too large."


class BodyLimit:
    """Answers 413 to what says that it is larger, and to what turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_WITH_A_FILE if scope["path"] == WITH_A_FILE else MOST
        if _told(scope) > most:
            await JSONResponse({"detail": TOO_LARGE}, 413, {"Connection": "close"})(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, TOO_LARGE, {"Connection": "close"})
            return message

        await self._app(scope, counted, send)


def _told(scope: Scope) -> int:
    """The length that the request says it has; 0 where it says none."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said[:20]) if said.isdigit() else 0
