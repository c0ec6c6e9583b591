"""Where people talk: public and private channels, and direct messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im"]
EVENT_TYPES: dict[str, str] = {"public": "channel", "private": "group", "im": "im"}
HISTORY_SCOPES: dict[str, str] = {"public": "channels:history", "private": "groups:history", "im": "im:history"}
READ_SCOPES: dict[str, str] = {"public": "channels:read", "private": "groups:read", "im": "im:read"}
LIST_TYPES: dict[str, str] = {"public": "public_channel", "private": "private_channel", "im": "im"}


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    team_id: str
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared: bool = False

    @property
    def event_type(self) -> str:
        """What events call this kind of channel."""
        return EVENT_TYPES[self.kind]

    def as_json(self, asker: str, count_members: bool = False) -> Json:
        if self.kind == "im":
            other = next((member for member in self.members if member != asker), asker)
            return {
                "id": self.id, "created": self.created, "is_archived": False, "is_im": True, "is_org_shared": False,
                "context_team_id": self.team_id, "updated": self.created * 1000, "user": other, "is_open": True,
            }  # fmt: skip
        answer: Json = {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "private",
            "created": self.created,
            "is_archived": self.archived,
            "is_general": False,
            "unlinked": 0,
            "name_normalized": self.name,
            "is_shared": self.shared,
            "is_org_shared": False,
            "is_ext_shared": self.shared,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "context_team_id": self.team_id,
            "updated": self.created * 1000,
            "creator": self.creator,
            "is_member": asker in self.members,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }
        return answer | ({"num_members": len(self.members)} if count_members else {})
