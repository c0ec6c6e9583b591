"""A conversation that is erased leaves nothing in the assistant's memory, on the disk neither."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.bot.project import SECRET, Assistant

MARK = "Xq7-huella-irrepetible"


def _forget(assistant: Assistant, conversation: str, secret: str = SECRET) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.delete(f"{assistant.url}/conversations/{conversation}", headers=headers, trust_env=False)


def _bytes_of(memory_file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in memory_file.parent.glob(f"{memory_file.name}*"))


def test_what_is_forgotten_is_gone_from_the_disk(assistant: Assistant, conversation: str, memory_file: Path) -> None:
    other = f"{conversation}-other"
    assert assistant.say(f"hola {MARK}", conversation).status == 200
    assert assistant.say("hola", other).status == 200
    assert MARK.encode() in _bytes_of(memory_file)
    assert _forget(assistant, conversation, "x" * 40).status_code == 401
    assert MARK.encode() in _bytes_of(memory_file)
    answer = _forget(assistant, conversation)
    assert (answer.status_code, answer.json()) == (200, {"forgotten": 2})
    assert MARK.encode() not in _bytes_of(memory_file)
    assert conversation.encode() not in _bytes_of(memory_file).replace(other.encode(), b"")
    assert _forget(assistant, conversation).json() == {"forgotten": 0}
    assert _forget(assistant, other).json() == {"forgotten": 2}


def test_who_was_forgotten_can_begin_anew(assistant: Assistant, conversation: str) -> None:
    assistant.say("hola", conversation)
    _forget(assistant, conversation)
    assert assistant.say("hola", conversation).status == 200
