"""A case as JSON, written directly: a long transcript is no place for checking each message against its model.

What is written is what `CaseOut`, `ConversationOut` and `MessageOut` describe, field by field and in their order.
"""

from __future__ import annotations

from typing import Any

import orjson

from handoff_service.desks.models import CustomerOut, HandoffOut, rfc3339
from handoff_service.switchboard.files import url_of
from handoff_service.switchboard.notes import Note
from handoff_service.switchboard.transcript import WHOLE, Message, Part
from handoff_service.switchboard.views import CaseView, HandoffView

Json = dict[str, Any]


def handoff_case(view: HandoffView, case: CaseView, part: Part, files_url: str) -> bytes:
    """A `CaseOut`; `files_url` is the base of files' addresses, where that is not the service's own."""
    others = [_handoff(other) for other in case.handoffs]
    return _written(_handoff(view) | {"messages": transcript(case, files_url), "handoffs": others}, case, part)


def conversation_case(case: CaseView, part: Part, files_url: str) -> bytes:
    """A `ConversationOut`."""
    told = {
        "id": case.conversation.id,
        "channel": case.conversation.channel,
        "owner": case.conversation.owner.value,
        "language": case.conversation.language,
        "paused_until": rfc3339(case.paused_until) if case.paused_until else None,
        "customer": CustomerOut(**vars(case.customer)).model_dump(),
        "messages": transcript(case, files_url),
        "handoffs": [_handoff(view) for view in case.handoffs],
    }
    return _written(told, case, part)


def transcript(case: CaseView, files_url: str = "") -> list[Json]:
    """Messages in order, each note behind the message it followed."""
    told: list[Json] = []
    notes = iter(case.notes)
    note = next(notes, None)
    for message in case.messages:
        while note is not None and note.after_seq < message.seq:
            told.append(note_json(note))
            note = next(notes, None)
        told.append(message_json(message, files_url))
    rest = () if note is None else (note, *notes)
    return told + [note_json(each) for each in rest]


def message_json(message: Message, files_url: str = "") -> Json:
    """A `MessageOut`."""
    offered, files = message.buttons, message.attachments
    return {
        "seq": message.seq,
        "author": message.author,
        "name": message.name,
        "agent": message.name if message.author == "agent" else None,
        "text": message.text,
        "buttons": [{"title": b["title"], "payload": b["payload"]} for b in offered] if offered else None,
        "attachments": [_file(each, files_url) for each in files] if files else None,
        "intent": message.intent,
        "confidence": message.confidence,
        "frustration": message.frustration,
        "abuse": message.abuse,
        "sent_at": rfc3339(message.sent_at),
        "edited_at": rfc3339(message.edited_at) if message.edited_at else None,
    }


def note_json(note: Note) -> Json:
    """A `MessageOut` of a note."""
    nothing = dict.fromkeys(("buttons", "attachments", "intent", "confidence", "frustration", "abuse"))
    who: Json = {"seq": None, "author": "note", "name": note.agent, "agent": note.agent, "text": note.text}
    return {**who, **nothing, "sent_at": rfc3339(note.sent_at), "edited_at": None}


def _file(file: dict[str, str], files_url: str) -> Json:
    return {"name": file["name"], "url": url_of(file, files_url), "mime": file["mime"]}


def _handoff(view: HandoffView) -> Json:
    return HandoffOut.of(view).model_dump(mode="json")


def _written(told: Json, case: CaseView, part: Part) -> bytes:
    return orjson.dumps(told if part == WHOLE else told | {"has_earlier": case.has_earlier})
