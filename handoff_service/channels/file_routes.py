"""Files over HTTP: the widget sends them, and whoever has a file's unguessable address reads it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, UploadFile
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.responses import FileResponse

from handoff_service.channels.limits import Limit
from handoff_service.store.database import Store
from handoff_service.switchboard import conversations, files, visitors
from handoff_service.switchboard.files import LARGEST, PICTURES, Cabinet, FileRefused, NoSuchFile

UPLOAD_BURST, UPLOADS_PER_SECOND = 20, 0.2
_bearer = HTTPBearer(auto_error=False)


class FileRefusedOut(BaseModel):
    """Why not: a sentence, or a list of what is wrong."""

    detail: str | list[dict[str, Any]]


REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"model": FileRefusedOut, "description": "The widget's token is needed."},
    422: {"model": FileRefusedOut, "description": "This kind of file is not taken, or nothing that is one was sent."},
    423: {"model": FileRefusedOut, "description": "The conversation is paused."},
    429: {"model": FileRefusedOut, "description": "Too many files."},
    503: {"model": FileRefusedOut, "description": "Nothing can be stored at the moment."},
}
GONE: dict[int | str, dict[str, Any]] = {404: {"model": FileRefusedOut, "description": "There is no such file."}}


def router(store: Store, cabinet: Cabinet) -> APIRouter:
    """Sending by the widget's token, reading by the address alone."""
    routes = APIRouter()
    limit = Limit(UPLOAD_BURST, UPLOADS_PER_SECOND)

    @routes.post("/v1/widget/files", tags=["widget"], responses=REFUSED)
    async def send_file(
        file: UploadFile, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None
    ) -> dict[str, str]:
        """Keep a file for a message of this widget's conversation."""
        try:
            token = credentials.credentials if credentials else ""
            conversation_id = await store.read(visitors.conversation_of_token, token)
        except visitors.TokenRefused:
            raise HTTPException(401, "The widget's token is needed.", {"WWW-Authenticate": "Bearer"}) from None
        if await store.read(conversations.pause_of, conversation_id) is not None:
            raise HTTPException(423, "This conversation is paused.")
        if limit.wait_for(conversation_id):
            raise HTTPException(429, "Too many files. Please try again in a minute.", {"Retry-After": "60"})
        content = await file.read(LARGEST + 1)
        try:
            stored = await cabinet.keep(conversation_id, file.filename or "", content)
        except FileRefused:
            detail = f"Files of up to {LARGEST // 2**20} MB are taken: pictures, PDF, audio, MP4 and plain text."
            raise HTTPException(422, detail) from None
        await store.run(files.register, stored)
        return {"id": stored.id}

    @routes.get("/v1/files/{file_id}/{name}", tags=["widget"], responses=GONE)
    async def read_file(file_id: str, name: str) -> FileResponse:
        """The file itself, so that it can't run: pictures are shown, all else is downloaded."""
        try:
            stored = await store.read(files.find, file_id)
        except NoSuchFile:
            raise HTTPException(404, "There is no such file.") from None
        shown = "inline" if stored.mime in PICTURES else "attachment"
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=86400",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return FileResponse(
            cabinet.path(stored.id),
            media_type=stored.mime,
            filename=stored.name,
            content_disposition_type=shown,
            headers=headers,
        )

    return routes
