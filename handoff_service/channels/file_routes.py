"""Files over HTTP: the widget sends them, and whoever has a file's unguessable address reads it."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, UploadFile
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.responses import FileResponse, JSONResponse

from handoff_service.channels.limits import Limit
from handoff_service.channels.upload_quota import RETRY_FOR_ROOM, NoRoomForFiles, TooMuchSent, UploadQuota
from handoff_service.store.database import Store
from handoff_service.switchboard import conversations, files, visitors
from handoff_service.switchboard.files import (
    LARGEST,
    PICTURES,
    Cabinet,
    FileRefused,
    NoSuchFile,
    PictureRefused,
    StoredFile,
)
from handoff_service.switchboard.pictures import MOST_FRAMES, MOST_PIXELS

UPLOAD_BURST, UPLOADS_PER_SECOND = 20, 0.2
_bearer = HTTPBearer(auto_error=False)


SERVED: dict[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
}
TAKEN = f"Files of up to {LARGEST // 2**20} MB are taken: pictures, PDF, audio, MP4 and plain text."
TOO_MANY_DOTS = (
    f"This picture is too large: up to {MOST_PIXELS // 10**6} million dots, {MOST_FRAMES} frames "
    f"and {LARGEST // 2**20} MB."
)


class FileRefusedOut(BaseModel):
    """Why not: a sentence, or a list of what is wrong; `code` where a widget has words of its own for it."""

    detail: str | list[dict[str, Any]]
    code: Literal["file_refused", "picture_too_large", "rate_limited", "no_room"] | None = None


class NotTaken(Exception):
    """An upload that is answered with why not."""

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.retry_after = status, code, detail, retry_after

    def answer(self) -> JSONResponse:
        """As the widget gets it."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return JSONResponse({"detail": self.detail, "code": self.code}, self.status, headers)


REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"model": FileRefusedOut, "description": "The widget's token is needed."},
    413: {"model": FileRefusedOut, "description": "Far larger than a file may be."},
    422: {"model": FileRefusedOut, "description": "This kind of file is not taken, or nothing that is one was sent."},
    423: {"model": FileRefusedOut, "description": "The conversation is paused."},
    429: {
        "model": FileRefusedOut,
        "description": "Too many files or bytes; `Retry-After` says how long.",
    },
    503: {
        "model": FileRefusedOut,
        "description": "Nothing can be stored now, or no file.",
    },
}
GONE: dict[int | str, dict[str, Any]] = {404: {"model": FileRefusedOut, "description": "There is no such file."}}


def router(store: Store, cabinet: Cabinet, quota: UploadQuota) -> APIRouter:
    """Sending by the widget's token, reading by the address alone."""
    routes = APIRouter()
    limit = Limit(UPLOAD_BURST, UPLOADS_PER_SECOND)

    async def keep(conversation_id: str, address: str, file: UploadFile) -> StoredFile:
        """The file, kept and known. Raises `NotTaken`."""
        wait = limit.wait_for(conversation_id)
        if wait:
            raise NotTaken(429, "rate_limited", "Too many files. Please try again later.", math.ceil(wait))
        content = await file.read(LARGEST + 1)
        try:
            await quota.take(len(content), conversation_id, address)
            stored = await cabinet.keep(conversation_id, file.filename or "", content)
        except TooMuchSent as error:
            raise NotTaken(429, "rate_limited", "Too many bytes. Please try again later.", error.retry_after) from None
        except NoRoomForFiles:
            raise NotTaken(503, "no_room", "No file can be taken at the moment.", RETRY_FOR_ROOM) from None
        except PictureRefused:
            raise NotTaken(422, "picture_too_large", TOO_MANY_DOTS) from None
        except FileRefused:
            raise NotTaken(422, "file_refused", TAKEN) from None
        try:
            await store.run(files.register, stored)
        except BaseException:
            cabinet.path(stored.id).unlink(missing_ok=True)
            raise
        return stored

    @routes.post("/v1/widget/files", tags=["widget"], responses=REFUSED, response_model=dict[str, str])
    async def send_file(
        request: Request,
        file: UploadFile,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None,
    ) -> dict[str, str] | JSONResponse:
        """Keep a file for a message of this widget's conversation."""
        try:
            token = credentials.credentials if credentials else ""
            conversation_id = await store.read(visitors.conversation_of_token, token)
        except visitors.TokenRefused:
            raise HTTPException(401, "The widget's token is needed.", {"WWW-Authenticate": "Bearer"}) from None
        if await store.read(conversations.pause_of, conversation_id) is not None:
            raise HTTPException(423, "This conversation is paused.")
        try:
            stored = await keep(conversation_id, request.client.host if request.client else "", file)
        except NotTaken as refusal:
            return refusal.answer()
        return {"id": stored.id}

    @routes.get("/v1/files/{file_id}/{name}", tags=["widget"], responses=GONE)
    async def read_file(file_id: str, name: str) -> FileResponse:
        """The file itself, so that it can't run: pictures are shown, all else is downloaded."""
        try:
            stored = await store.read(files.find, file_id)
        except NoSuchFile:
            raise HTTPException(404, "There is no such file.", SERVED) from None
        path = cabinet.path(stored.id)
        if not path.is_file():
            raise HTTPException(404, "There is no such file.", SERVED)
        shown = "inline" if stored.mime in PICTURES else "attachment"
        return FileResponse(
            path, media_type=stored.mime, filename=stored.name, content_disposition_type=shown, headers=SERVED
        )

    return routes
