"""What was said, kept per channel: messages, their threads, edits and tombstones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]


@dataclass
class Message:
    """One message as the workspace keeps it; `as_json` is what the API and the events show of it."""

    channel: str
    ts: str
    user: str
    text: str
    team_id: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    bot_profile: Json | None = None
    username: str = ""
    metadata: Json | None = None
    edited: Json | None = None
    client_msg_id: str = ""
    inviter: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether the channel shows it, and not only its thread."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    def copy(self) -> Message:
        return replace(self, reactions={name: list(users) for name, users in self.reactions.items()})

    def as_json(self, with_metadata: bool = False) -> Json:
        answer: Json = {"type": "message"}
        if self.subtype == "tombstone":
            return answer | {
                "subtype": "tombstone", "text": self.text, "user": "USLACKBOT", "hidden": True,
                "ts": self.ts, "thread_ts": self.thread_ts,
            }  # fmt: skip
        if self.subtype != "bot_message":
            answer["user"] = self.user
        answer |= {"text": self.text, "ts": self.ts}
        optional = {
            "subtype": self.subtype, "thread_ts": self.thread_ts, "bot_id": self.bot_id, "app_id": self.app_id,
            "username": self.username, "blocks": self.blocks, "attachments": self.attachments, "edited": self.edited,
            "client_msg_id": self.client_msg_id, "bot_profile": self.bot_profile, "inviter": self.inviter,
        }  # fmt: skip
        answer |= {name: value for name, value in optional.items() if value}
        if self.subtype not in ("channel_join", "channel_leave"):
            answer["team"] = self.team_id
        if self.files:
            answer |= {"files": self.files, "upload": False, "display_as_bot": False}
        if self.reactions:
            answer["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items() if users
            ]
        if with_metadata and self.metadata:
            answer["metadata"] = self.metadata
        return answer


class MessageStore:
    """Messages of all channels, each channel's in the order of their stamps."""

    def __init__(self) -> None:
        self._channels: dict[str, dict[str, Message]] = {}
        self._threads: dict[tuple[str, str], dict[str, Message]] = {}

    def add(self, message: Message) -> None:
        self._channels.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply:
            self._threads.setdefault((message.channel, message.thread_ts), {})[message.ts] = message

    def get(self, channel: str, ts: str) -> Message | None:
        return self._channels.get(channel, {}).get(ts)

    def remove(self, channel: str, ts: str) -> None:
        gone = self._channels.get(channel, {}).pop(ts, None)
        if gone is not None and gone.is_reply:
            self._threads[channel, gone.thread_ts].pop(ts)

    def all(self, channel: str) -> list[Message]:
        return list(self._channels.get(channel, {}).values())

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """Without the parent, oldest first."""
        return list(self._threads.get((channel, thread_ts), {}).values())

    def as_json(self, message: Message, with_metadata: bool = False) -> Json:
        """The message, with what only the store knows: its thread's figures, or whose thread it is in."""
        answer = message.as_json(with_metadata)
        if message.is_reply:
            parent = self.get(message.channel, message.thread_ts)
            if parent is not None:
                answer["parent_user_id"] = "USLACKBOT" if parent.subtype == "tombstone" else parent.user
            return answer
        replies = self.replies(message.channel, message.ts)
        return answer | _thread_figures(message, replies) if replies else answer


def _thread_figures(parent: Message, replies: list[Message]) -> Json:
    users = list(dict.fromkeys(reply.user or reply.bot_id for reply in replies))
    return {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": False,
    }
