"""Who is in a workspace, as `users.info` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Guest = Literal["", "multi_channel", "single_channel"]


@dataclass
class Person:
    """A member, guest, outsider from a connected workspace, or bot user."""

    id: str
    name: str
    real_name: str
    team_id: str
    display_name: str = ""
    email: str = ""
    tz: str = "Europe/Madrid"
    guest: Guest = ""
    is_stranger: bool = False
    is_admin: bool = False
    deleted: bool = False
    bot_id: str = ""
    app_id: str = ""

    @property
    def is_bot(self) -> bool:
        return bool(self.bot_id)

    def profile(self) -> Json:
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "first_name": self.real_name.partition(" ")[0],
            "last_name": self.real_name.partition(" ")[2],
            "title": "",
            "phone": "",
            "status_text": "",
            "status_emoji": "",
            "avatar_hash": "g0",
            "image_72": "https://secure.gravatar.com/avatar/0.jpg?s=72",
            "team": self.team_id,
        }
        if self.is_bot:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id, "always_active": False}
        return profile

    def as_json(self, with_email: bool = False) -> Json:
        """The user object; the address only for those who hold `users:read.email`."""
        profile = self.profile() | ({"email": self.email} if with_email and self.email else {})
        if self.deleted:
            return {
                "id": self.id, "team_id": self.team_id, "name": self.name, "deleted": True, "profile": profile,
                "is_bot": self.is_bot, "is_app_user": False, "updated": 1700000000, "is_forever_shadow_member": False,
            }  # fmt: skip
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": False,
            "color": "9f69e7",
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": 3600,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": bool(self.guest),
            "is_ultra_restricted": self.guest == "single_channel",
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        } | ({"is_stranger": True} if self.is_stranger else {})


@dataclass(frozen=True)
class App:
    """The app under test, installed in the workspace with a bot user."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    team_id: str
    team_name: str
    team_domain: str
    verification_token: str

    def bot_profile(self) -> Json:
        return {
            "id": self.bot_id,
            "deleted": False,
            "name": self.name,
            "updated": 1700000000,
            "app_id": self.id,
            "user_id": self.bot_user_id,
            "icons": {"image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png"},
            "team_id": self.team_id,
        }
