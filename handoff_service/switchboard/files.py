"""Files that customers and agents send: kept under the data directory, known by an id nobody can guess."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import filetype
from sqlalchemy import func, insert, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import files
from handoff_service.switchboard import pictures
from handoff_service.switchboard.pictures import PictureBroken, PictureTooLarge
from handoff_service.switchboard.transcript import Attachment

LARGEST = 10 * 1024 * 1024  # bytes
MOST_PER_MESSAGE = 5
PICTURES = pictures.KINDS
PICTURES_AT_ONCE = 2  # that are drawn anew, since each takes a processor and much memory
ALLOWED = PICTURES | {"application/pdf", "audio/ogg", "audio/mpeg", "video/mp4", "text/plain"}
UNKNOWN = "application/octet-stream"


class FileRefused(Exception):
    """Too large, empty, or of a kind that is not taken."""


class PictureRefused(FileRefused):
    """A picture with too many dots."""


class NoSuchFile(Exception):
    """There is none with this id here."""


@dataclass(frozen=True)
class StoredFile:
    """A file as it was kept."""

    id: str
    conversation_id: str
    name: str
    mime: str
    size: int

    def as_attachment(self) -> Attachment:
        """As it stands in a message."""
        return {"id": self.id, "name": self.name, "mime": self.mime}


@dataclass(frozen=True)
class Cabinet:
    """The folder in which the files lie, each under its id."""

    folder: Path
    _drawing: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(PICTURES_AT_ONCE, "pictures"), repr=False, compare=False
    )

    def path(self, file_id: str) -> Path:
        """Where this file lies."""
        return self.folder / file_id

    def put(self, conversation_id: str, name: str, content: bytes) -> StoredFile:
        """Keep the bytes, a picture drawn anew; the kind is read from the content. Raises `FileRefused`.

        The file becomes visible only by `register` in the transaction that uses it.
        """
        mime = kind_of(content)
        if not content or len(content) > LARGEST or mime not in ALLOWED:
            raise FileRefused
        if mime in PICTURES:
            content = _redrawn(content, mime)
        stored = StoredFile(secrets.token_urlsafe(32), conversation_id, safe_name(name), mime, len(content))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path(stored.id).write_bytes(content)
        return stored

    async def keep(self, conversation_id: str, name: str, content: bytes) -> StoredFile:
        """As `put`, off the event loop and a few at a time, for files from outside."""
        return await asyncio.get_running_loop().run_in_executor(self._drawing, self.put, conversation_id, name, content)


def _redrawn(content: bytes, mime: str) -> bytes:
    """The picture drawn anew; one that shows nothing is kept as it is, and can't run where it is served."""
    try:
        drawn = pictures.redrawn(content, mime)
    except PictureTooLarge as error:
        raise PictureRefused from error
    except PictureBroken:
        return content
    if len(drawn) > LARGEST:
        raise PictureRefused
    return drawn


def kind_of(content: bytes) -> str:
    """The MIME type that the content itself shows; plain text only if it is UTF-8 that looks like no markup."""
    guessed = filetype.guess_mime(content)
    if guessed is not None:
        return str(guessed)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if "\x00" in text or text.lstrip().startswith("<") else "text/plain"


def safe_name(name: str) -> str:
    """A name without folders or control characters, of at most 100 characters."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if c.isprintable()).strip(". ")[-100:] or "file"


def register(tx: Transaction, stored: StoredFile) -> None:
    """Make a kept file known."""
    tx.connection.execute(insert(files).values(**vars(stored), created_at=tx.now))


def kept_bytes(tx: Transaction) -> int:
    """The size of all files that are known, together."""
    return int(tx.connection.execute(select(func.coalesce(func.sum(files.c.size), 0))).scalar_one())


def find(tx: Transaction, file_id: str) -> StoredFile:
    """The file of this id; raises `NoSuchFile`."""
    columns = [files.c[name] for name in StoredFile.__dataclass_fields__]
    row = tx.connection.execute(select(*columns).where(files.c.id == file_id)).mappings().one_or_none()
    if row is None:
        raise NoSuchFile
    return StoredFile(**row)


def url_of(attachment: Attachment, base: str = "") -> str:
    """The address of a file, below `base`: whoever has it may read the file, and nobody can guess it."""
    return f"{base}/v1/files/{attachment['id']}/{quote(attachment['name'])}"


def of_conversation(tx: Transaction, conversation_id: str, file_ids: Sequence[str]) -> list[Attachment]:
    """These files as attachments; raises `NoSuchFile` if one is not of this conversation."""
    found = [find(tx, file_id) for file_id in file_ids]
    if any(stored.conversation_id != conversation_id for stored in found):
        raise NoSuchFile
    return [stored.as_attachment() for stored in found]
