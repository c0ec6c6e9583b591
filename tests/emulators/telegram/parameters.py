"""Reads a request's arguments in each form the Bot API takes: query, urlencoded, multipart and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.emulators.telegram.errors import bad_request

ATTACH = "attach://"


@dataclass(frozen=True)
class Upload:
    """A file that came in a multipart request."""

    name: str
    content: bytes
    mime: str


@dataclass
class Parameters:
    """Arguments as the server sees them: strings, whatever form they came in, and uploaded files."""

    values: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def integer(self, name: str, default: int = 0, low: int | None = None, high: int | None = None) -> int:
        """The number, clamped to the limits; what is no number counts as the default."""
        try:
            value = int(self.values.get(name, default))
        except ValueError:
            value = default
        if low is not None:
            value = max(low, value)
        return value if high is None else min(high, value)

    def boolean(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str, complaint: str) -> Any:
        """The decoded value, None where it is absent; raises the complaint where it is no JSON."""
        if not self.text(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise bad_request(complaint) from None

    def upload(self, name: str) -> Upload | None:
        """The uploaded file of that field, also where the field only refers to it (`attach://…`)."""
        value = self.text(name)
        return self.uploads.get(value.removeprefix(ATTACH) if value.startswith(ATTACH) else name)


def from_mapping(mapping: Mapping[str, Any]) -> Parameters:
    """Arguments out of decoded JSON: what is no string is kept as its JSON text, null counts as absent."""
    return Parameters(
        {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in mapping.items()
            if value is not None
        }
    )


async def read_parameters(request: web.Request) -> Parameters:
    """All arguments of the request; those in the body win over those in the query."""
    parameters = Parameters(dict(request.query))
    if not request.can_read_body:
        return parameters
    if request.content_type == "application/json":
        try:
            decoded = json.loads(await request.read())
        except ValueError:
            raise bad_request("can't parse JSON in the request body") from None
        if not isinstance(decoded, dict):
            raise bad_request("object expected in the request body")
        parameters.values.update(from_mapping(decoded).values)
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        await _read_form(request, parameters)
    return parameters


async def _read_form(request: web.Request, parameters: Parameters) -> None:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            parameters.uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        elif isinstance(value, str):
            parameters.values[name] = value
        else:
            parameters.values[name] = bytes(value).decode("utf-8", "replace")
