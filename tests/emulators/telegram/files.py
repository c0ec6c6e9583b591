"""Files at Telegram: ids, paths to download them by, and how messages show them."""

from __future__ import annotations

import base64
import mimetypes
import random
from pathlib import PurePosixPath

from tests.emulators.telegram.model import Json, StoredFile

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
_FOLDERS = {"photo": "photos", "document": "documents", "sticker": "stickers", "video": "videos", "audio": "music"}
_ENDINGS = {"photo": ".jpg", "voice": ".oga", "sticker": ".webp", "video": ".mp4", "audio": ".mp3"}
_ID_STARTS = {"photo": "AgACAgQAAxkB", "voice": "AwACAgQAAxkB", "sticker": "CAACAgQAAxkB"}


class FileShelf:
    """Every file that was sent or uploaded, by id and by path."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(
        self,
        kind: str,
        content: bytes,
        name: str = "",
        mime: str = "",
        size: int | None = None,
        details: Json | None = None,
    ) -> StoredFile:
        ending = _ENDINGS.get(kind) or PurePosixPath(name).suffix or mimetypes.guess_extension(mime) or ""
        path = f"{_FOLDERS.get(kind, kind)}/file_{len(self._by_id)}{ending}"
        stored = StoredFile(
            id=_ID_STARTS.get(kind, "BQACAgQAAxkB") + self._token(36),
            unique_id="AQAD" + self._token(9),
            kind=kind,
            path=path,
            content=content,
            size=len(content) if size is None else size,
            name=name,
            mime=mime,
            details=details or {},
        )
        self._by_id[stored.id] = self._by_path[path] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def _token(self, size: int) -> str:
        return base64.urlsafe_b64encode(self._chance.randbytes(size)).decode().rstrip("=")


def shown(shelf: FileShelf, stored: StoredFile) -> Json:
    """The fields by which a message carries the file: `{"document": {…}}`, `{"photo": [{…}, {…}]}`…"""
    if stored.kind == "photo":
        width, height = stored.details.get("width", 1280), stored.details.get("height", 960)
        small = stored.details.get("small") or shelf.add("photo", stored.content, size=min(stored.size, 1500)).id
        stored.details["small"] = small
        preview = shelf.get(small)
        assert preview is not None
        sizes = [
            (preview, width * 90 // max(width, height), height * 90 // max(width, height)),
            (stored, width, height),
        ]
        return {"photo": [{**file.reference(), "width": w, "height": h} for file, w, h in sizes]}
    named = {"file_name": stored.name} if stored.name else {}
    typed = {"mime_type": stored.mime} if stored.mime else {}
    details = {name: value for name, value in stored.details.items() if name != "small"}
    return {stored.kind: {**named, **typed, **details, **stored.reference()}}
