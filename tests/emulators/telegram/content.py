"""What a person's message can hold, in the shapes of recorded updates."""

from __future__ import annotations

from tests.emulators.telegram.files import FileShelf, shown
from tests.emulators.telegram.formatting.entities import FormattedText, trimmed, utf16_length, with_found
from tests.emulators.telegram.formatting.reading import LONGEST_TEXT
from tests.emulators.telegram.model import Json, Person


def text_contents(text: str) -> list[Json]:
    """The text as one message, or as several: Telegram's apps cut what is too long for one."""
    return [_marked("text", part) for part in _parts(text)]


def caption_content(caption: str) -> Json:
    return _marked("caption", caption) if caption else {}


def contact_content(person: Person, with_user_id: bool = True) -> Json:
    contact: Json = {"phone_number": person.phone, "first_name": person.first_name}
    if person.last_name:
        contact["last_name"] = person.last_name
    if with_user_id:
        contact["user_id"] = person.id
    return {"contact": contact}


def file_content(
    shelf: FileShelf, kind: str, content: bytes, name: str = "", mime: str = "", size: int | None = None
) -> Json:
    """A photo, document, voice message or sticker."""
    details: dict[str, Json] = {
        "photo": {"width": 1280, "height": 960},
        "voice": {"duration": 3},
        "video": {"duration": 3, "width": 640, "height": 360},
        "sticker": {
            "width": 512,
            "height": 512,
            "emoji": "👍",
            "set_name": "Pulgares",
            "is_animated": False,
            "is_video": False,
            "type": "regular",
        },
    }
    types = {"voice": "audio/ogg", "video": "video/mp4"}
    stored = shelf.add(
        kind,
        content,
        name=name if kind == "document" else "",
        mime=mime if kind == "document" else types.get(kind, ""),
        size=size,
        details=details.get(kind, {}),
    )
    return shown(shelf, stored)


def location_content(latitude: float, longitude: float) -> Json:
    return {"location": {"latitude": latitude, "longitude": longitude}}


def _marked(name: str, text: str) -> Json:
    formatted = with_found(trimmed(FormattedText(text)))
    marks = {"text": "entities", "caption": "caption_entities"}[name]
    return {name: formatted.text, **({marks: list(formatted.entities)} if formatted.entities else {})}


def _parts(text: str) -> list[str]:
    if utf16_length(text) <= LONGEST_TEXT:
        return [text]
    part, length = "", 0
    for index, character in enumerate(text):
        length += utf16_length(character)
        if length > LONGEST_TEXT:
            return [part, *_parts(text[index:])]
        part += character
    return [part]
