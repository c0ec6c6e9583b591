"""Files: put up in three steps, fetched with the token only."""

from __future__ import annotations

import mimetypes
import time
from dataclasses import dataclass, field
from typing import Any

from .clock import Ids

Json = dict[str, Any]


@dataclass
class StoredFile:
    id: str
    name: str
    length: int
    user: str
    content: bytes | None = None
    title: str = ""
    complete: bool = False
    created: int = field(default_factory=lambda: int(time.time()))
    shares: dict[str, dict[str, list[Json]]] = field(default_factory=dict)


class Files:
    def __init__(self, ids: Ids, base_url: str, team_id: str) -> None:
        self._ids, self.base_url, self._team = ids, base_url, team_id
        self._files: dict[str, StoredFile] = {}
        self._uploads: dict[str, str] = {}

    def reserve(self, name: str, length: int, user: str) -> tuple[StoredFile, str]:
        """A new file without content, and the URL its content is to be sent to."""
        file = StoredFile(self._ids.make("F"), name, length, user)
        self._files[file.id] = file
        secret = self._ids.token(40)
        self._uploads[secret] = file.id
        return file, f"{self.base_url}/upload/v1/{secret}"

    def receive(self, secret: str, content: bytes) -> StoredFile | None:
        """Store what was uploaded; None where the URL is unknown or the size is not the announced one."""
        file = self._files.get(self._uploads.get(secret, ""))
        if file is None or len(content) != file.length:
            return None
        file.content = content
        return file

    def put(self, name: str, content: bytes, user: str) -> StoredFile:
        """A file a person drops into a channel."""
        file, _ = self.reserve(name, len(content), user)
        file.content, file.title, file.complete = content, name, True
        return file

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def remove(self, file: StoredFile) -> None:
        """Its bytes and its address are gone."""
        del self._files[file.id]

    def as_json(self, file: StoredFile, with_shares: bool = False) -> Json:
        mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        filetype = file.name.rpartition(".")[2].lower() if "." in file.name else "binary"
        place = f"{self.base_url}/files-pri/{self._team}-{file.id}"
        answer: Json = {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": mimetype,
            "filetype": filetype,
            "pretty_type": filetype.upper(),
            "user": file.user,
            "user_team": self._team,
            "editable": False,
            "size": file.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{place}/{file.name}",
            "url_private_download": f"{place}/download/{file.name}",
            "permalink": f"{self.base_url}/files/{file.user}/{file.id}/{file.name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        return answer | ({"shares": file.shares} if with_shares else {})
