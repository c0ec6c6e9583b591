"""`SlackWorkspace`: how tests set up an emulated workspace, act as its people and look at it.

Every call blocks until it is done. `press`, `submit_view` and `slash` wait for the app's acknowledgement, so a test
whose app runs in the same event loop calls them by `asyncio.to_thread`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from .faulty import FaultSwitches
from .seen import Acknowledged, Json, Message, NotPossible, Submitted, View

__all__ = ["Acknowledged", "Message", "NotPossible", "SlackWorkspace", "Submitted", "View"]


class SlackWorkspace(FaultSwitches):
    """One workspace with the app installed. People and channels are known by their ids."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        identity = self._do("identity")
        self.base_url = base_url
        self.api_url = f"{base_url}/api/"
        self.bot_token: str = identity["bot_token"]
        self.app_token: str = identity["app_token"]
        self.team_id: str = identity["team_id"]
        self.app_id: str = identity["id"]
        self.bot_id: str = identity["bot_id"]
        self.bot_user: str = identity["bot_user_id"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    # Setting up

    def configure(self, **settings: Any) -> None:
        """Change what `settings.Settings` lists, such as `ack_seconds`, `retry_seconds`, `enforce_rate_limits`."""
        self._do("configure", **settings)

    def add_person(
        self,
        name: str,
        *,
        display_name: str = "",
        email: str = "",
        guest: Literal["", "multi_channel", "single_channel"] = "",
        is_stranger: bool = False,
        is_bot: bool = False,
        is_admin: bool = False,
        tz: str = "Europe/Madrid",
    ) -> str:
        """Somebody new; gives the user id."""
        person: Json = self._do(
            "add_person", name=name, display_name=display_name, email=email, guest=guest, is_stranger=is_stranger,
            is_bot=is_bot, is_admin=is_admin, tz=tz,
        )  # fmt: skip
        return str(person["id"])

    def change_person(self, user: str, **values: Any) -> None:
        """Such as `deleted=True` or `guest="single_channel"`."""
        self._do("change_person", user=user, **values)

    def add_channel(
        self,
        name: str,
        members: Iterable[str] = (),
        *,
        kind: Literal["public", "private", "im"] = "public",
        with_app: bool = True,
    ) -> str:
        """A new channel with these members, the app's bot among them unless told; gives the channel id."""
        channel: Json = self._do("add_channel", name=name, members=list(members), kind=kind, with_app=with_app)
        return str(channel["id"])

    def archive(self, channel: str, archived: bool = True) -> None:
        self._do("archive", channel=channel, archived=archived)

    def set_scopes(self, scopes: Iterable[str], token: str = "") -> None:
        """What the bot token (or another) may do from now on."""
        self._do("set_scopes", scopes=list(scopes), token=token or self.bot_token)

    def take_scope(self, scope: str) -> None:
        """Take one scope from the bot token."""
        self.set_scopes(set(self._do("scopes", token=self.bot_token)) - {scope})

    def kill_token(self, error: str = "token_revoked", token: str = "") -> None:
        """From now on the bot token (or another) is answered `error`; an empty error brings it back."""
        self._do("kill_token", token=token or self.bot_token, error=error)

    # What people do

    def post(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str = "",
        broadcast: bool = False,
        files: Mapping[str, bytes] | None = None,
        as_classic_bot: bool = False,
    ) -> Message:
        """Write, in a thread or not, with files or without (`{"bill.pdf": content}`)."""
        packed = [{"name": name, "content": base64.b64encode(body).decode()} for name, body in (files or {}).items()]
        raw = self._do(
            "post", user=user, channel=channel, text=text, thread_ts=thread_ts, broadcast=broadcast, files=packed,
            as_classic_bot=as_classic_bot,
        )  # fmt: skip
        return Message.of(raw, self.bot_id)

    def edit(self, user: str, message: Message, text: str) -> None:
        self._do("edit", user=user, channel=message.channel, ts=message.ts, text=text)

    def delete(self, user: str, message: Message) -> None:
        self._do("delete", user=user, channel=message.channel, ts=message.ts)

    def react(self, user: str, message: Message, name: str, *, add: bool = True) -> None:
        self._do("react", user=user, channel=message.channel, ts=message.ts, name=name, add=add)

    def join(self, user: str, channel: str, *, inviter: str = "") -> None:
        self._do("join", user=user, channel=channel, inviter=inviter)

    def leave(self, user: str, channel: str) -> None:
        self._do("leave", user=user, channel=channel)

    def press(self, user: str, message: Message, action_id: str, chosen: Any = None) -> Acknowledged:
        """Press (or choose in) what the message has now, whatever it had when it was looked at."""
        return self._press(user, message, action_id, chosen, None)

    def press_old(self, user: str, message: Message, action_id: str, chosen: Any = None) -> Acknowledged:
        """Press what stood in the message when it was looked at, on a screen that was not refreshed."""
        return self._press(user, message, action_id, chosen, message.raw)

    def _press(self, user: str, message: Message, action_id: str, chosen: Any, shown: Json | None) -> Acknowledged:
        answer = self._do(
            "press", user=user, channel_id=message.channel, ts=message.ts, action_id=action_id, chosen=chosen,
            shown=shown,
        )  # fmt: skip
        return Acknowledged(**answer)

    def press_in_view(self, user: str, view: View, action_id: str, chosen: Any = None) -> Acknowledged:
        """Press in a modal or the App Home."""
        return Acknowledged(**self._do("press_in_view", user=user, view_id=view.id, action_id=action_id, chosen=chosen))

    def submit_view(self, user: str, view: View, values: Mapping[str, Any] | None = None) -> Submitted:
        """Fill in (by block id or action id: texts, option values, lists of them) and submit."""
        answer = self._do("submit_view", user=user, view=view.id, values=dict(values or {}))
        return Submitted(**answer | {"view": View.of(answer["view"]) if answer["view"] else None})

    def close_view(self, user: str, view: View, *, whole_stack: bool = False) -> None:
        self._do("close_view", user=user, view=view.id, whole_stack=whole_stack)

    def slash(self, user: str, channel: str, command: str, text: str = "") -> Acknowledged:
        return Acknowledged(**self._do("slash", user=user, channel=channel, command=command, text=text))

    def open_home(self, user: str) -> None:
        self._do("open_home", user=user)
