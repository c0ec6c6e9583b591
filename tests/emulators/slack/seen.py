"""What tests get to see of a workspace, with names in place of bare JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .block_forms import elements_of, texts_of

Json = dict[str, Any]


class NotPossible(AssertionError):
    """A person could not do this in Slack: the button is not there, the required field is empty, …"""


@dataclass(frozen=True)
class Message:
    """A message as it was when it was looked at; `raw` is what the API shows of it, metadata included."""

    channel: str
    ts: str
    text: str
    user: str
    thread_ts: str
    subtype: str
    by_app: bool
    raw: Json = field(repr=False)

    @classmethod
    def of(cls, raw: Json, app_bot_id: str) -> Message:
        return cls(
            channel=raw["channel"],
            ts=raw["ts"],
            text=raw["text"],
            user=raw.get("user", ""),
            thread_ts=raw.get("thread_ts", ""),
            subtype=raw.get("subtype", ""),
            by_app=raw.get("bot_id") == app_bot_id,
            raw={name: value for name, value in raw.items() if name != "channel"},
        )

    @property
    def blocks(self) -> list[Json]:
        return list(self.raw.get("blocks", []))

    @property
    def metadata(self) -> Json:
        return dict(self.raw.get("metadata", {}))

    @property
    def action_ids(self) -> list[str]:
        """What can be pressed or chosen in it, in order."""
        return [element["action_id"] for block in self.blocks for element in elements_of(block)]

    @property
    def words(self) -> str:
        """Everything a person reads in it: the blocks' texts, or the plain text where there are none."""
        return "\n".join(texts_of(self.blocks)) if self.blocks else self.text

    @property
    def file_names(self) -> list[str]:
        return [file["name"] for file in self.raw.get("files", [])]

    @property
    def reactions(self) -> dict[str, list[str]]:
        return {reaction["name"]: reaction["users"] for reaction in self.raw.get("reactions", [])}


@dataclass(frozen=True)
class View:
    """A modal or App Home somebody has before them."""

    id: str
    callback_id: str
    title: str
    private_metadata: str
    raw: Json = field(repr=False)

    @classmethod
    def of(cls, raw: Json) -> View:
        title = (raw.get("title") or {}).get("text", "")
        return cls(raw["id"], raw["callback_id"], title, raw["private_metadata"], raw)

    @property
    def blocks(self) -> list[Json]:
        return list(self.raw["blocks"])

    @property
    def inputs(self) -> list[str]:
        """The block ids of its inputs, in order."""
        return [block["block_id"] for block in self.blocks if block["type"] == "input"]

    @property
    def action_ids(self) -> list[str]:
        return [element["action_id"] for block in self.blocks for element in elements_of(block)]

    @property
    def words(self) -> str:
        return "\n".join(texts_of(self.blocks))


@dataclass(frozen=True)
class Acknowledged:
    """Whether the app acknowledged an interaction within three seconds, else why not, and what it answered."""

    acknowledged: bool
    reason: str
    response: Any
    payload: Json = field(repr=False)

    def __bool__(self) -> bool:
        return self.acknowledged


@dataclass(frozen=True)
class Submitted:
    """How a submission went: `errors` per block id, `shown` where Slack shows trouble, the view now open."""

    acknowledged: bool
    action: str
    errors: dict[str, str]
    shown: str
    view: View | None
