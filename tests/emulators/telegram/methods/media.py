"""Sending files, and getting those that people sent."""

from __future__ import annotations

from tests.emulators.telegram.access import chat_to_write
from tests.emulators.telegram.errors import bad_request, too_large
from tests.emulators.telegram.files import LARGEST_DOWNLOAD, LARGEST_UPLOAD, shown
from tests.emulators.telegram.formatting.reading import read_caption
from tests.emulators.telegram.markup import read_markup
from tests.emulators.telegram.methods.registry import method
from tests.emulators.telegram.methods.sending import known_entity, put
from tests.emulators.telegram.model import Json, StoredFile
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World

LARGEST_PHOTO = 10 * 1024 * 1024
_DESCRIBED_BY = {"voice": ("duration",), "audio": ("duration",), "video": ("duration", "width", "height")}


@method("sendPhoto")
def send_photo(world: World, parameters: Parameters) -> Json:
    return _send(world, parameters, "photo")


@method("sendDocument")
def send_document(world: World, parameters: Parameters) -> Json:
    return _send(world, parameters, "document")


@method("sendVoice")
def send_voice(world: World, parameters: Parameters) -> Json:
    return _send(world, parameters, "voice")


@method("sendVideo")
def send_video(world: World, parameters: Parameters) -> Json:
    return _send(world, parameters, "video")


@method("sendAudio")
def send_audio(world: World, parameters: Parameters) -> Json:
    return _send(world, parameters, "audio")


@method("getFile")
def get_file(world: World, parameters: Parameters) -> Json:
    if not parameters.text("file_id"):
        raise bad_request("file_id not specified")
    stored = world.files.get(parameters.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.reference(), "file_path": stored.path}


def _send(world: World, parameters: Parameters, kind: str) -> Json:
    caption = read_caption(parameters)
    markup = read_markup(parameters)
    chat = chat_to_write(world, parameters)
    stored = _given_file(world, parameters, kind)
    content = shown(world.files, stored)
    if caption.text:
        content["caption"] = caption.text
    if caption.entities:
        content["caption_entities"] = [known_entity(world, entity) for entity in caption.entities]
    return put(world, chat, content, markup, parameters)


def _given_file(world: World, parameters: Parameters, kind: str) -> StoredFile:
    """An uploaded file, or one that Telegram has already, by its id. Addresses are not fetched here."""
    upload = parameters.upload(kind)
    if upload is None:
        reference = parameters.text(kind)
        stored = world.files.get(reference)
        if stored is not None:
            if stored.kind != kind:
                raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
            return stored
        if not reference:
            raise bad_request(f"there is no {kind} in the request")
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > LARGEST_UPLOAD:
        raise too_large()
    if kind == "photo" and len(upload.content) > LARGEST_PHOTO:
        raise bad_request(f"too big file for photo: {len(upload.content)} bytes")
    details = {name: parameters.integer(name) for name in _DESCRIBED_BY.get(kind, ())}
    name = "" if kind in ("photo", "voice") else upload.name
    mime = "" if kind == "photo" else upload.mime
    return world.files.add(kind, upload.content, name=name, mime=mime, details=details)
