"""What people do in Slack: write, correct, press, fill in, type commands, come and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import events, interactions, talk
from .block_forms import find_element
from .delivery import Delivery, Outcome, Parcel
from .errors import NotPossible
from .files import StoredFile
from .form_values import state_of
from .messages import Message
from .view_stacks import OpenView
from .workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Reaction:
    """How the app took it: acknowledged within three seconds or not, and what it answered."""

    acknowledged: bool
    reason: str = ""
    response: Any = None
    payload: Json = field(default_factory=dict)


class Acts:
    def __init__(self, ws: Workspace, delivery: Delivery) -> None:
        self._ws, self._delivery = ws, delivery

    def post(
        self, user: str, channel_id: str, text: str, thread_ts: str = "", broadcast: bool = False,
        files: list[StoredFile] | None = None, as_classic_bot: bool = False,
    ) -> Message:  # fmt: skip
        """Write in a channel or a thread, with files or without; bots may write too."""
        ws, person = self._ws, self._ws.person(user)
        channel = ws.channel(channel_id)
        self._check_may_write(user, channel_id)
        message = Message(channel.id, ws.clock.stamp(), user, text, person.team_id)
        if person.is_bot:
            message.bot_id, message.app_id = person.bot_id, person.app_id
            message.bot_profile = {"id": person.bot_id, "name": person.real_name, "app_id": person.app_id}
            if as_classic_bot:
                message.subtype, message.username = "bot_message", person.real_name
        else:
            message.client_msg_id, message.blocks = ws.ids.uuid(), typed_blocks(ws, text)
        if thread_ts:
            parent = ws.message(channel.id, thread_ts)
            message.thread_ts = parent.thread_ts or parent.ts
            message.subtype = "thread_broadcast" if broadcast else message.subtype
        if files:
            message.subtype, message.files = "file_share", [ws.files.as_json(file) for file in files]
        return talk.post(ws, channel, message)

    def edit(self, user: str, channel_id: str, ts: str, text: str) -> None:
        message = self._own(user, channel_id, ts, "edit")
        talk.edit(self._ws, self._ws.channel(channel_id), message, text, typed_blocks(self._ws, text))

    def delete(self, user: str, channel_id: str, ts: str) -> None:
        talk.remove(self._ws, self._ws.channel(channel_id), self._own(user, channel_id, ts, "delete"))

    async def press(
        self, user: str, channel_id: str, ts: str, action_id: str, chosen: Any = None, shown: Json | None = None
    ) -> Reaction:
        """Press or choose in a message as it is now, or as an old screen still shows it (`shown`)."""
        ws = self._ws
        ephemeral = ws.ephemerals.get(ts)
        if ephemeral is not None and ephemeral.user != user:
            raise NotPossible("only the one it was for sees an ephemeral message")
        if ephemeral is not None:
            message = ephemeral.message
        else:
            message = ws.messages.get(channel_id, ts) or _remembered(ws, channel_id, shown)
        channel = ws.channel(channel_id)
        if channel.kind != "public" and user not in channel.members:
            raise NotPossible("the person does not see this channel")
        screen = shown or ws.messages.as_json(message)
        action = self._action(screen.get("blocks", []), action_id, chosen)
        payload = interactions.message_action(ws, user, channel, message, screen, action, ephemeral is not None)
        return await self._interact("interactive", payload)

    async def press_in_view(self, user: str, view_id: str, action_id: str, chosen: Any = None) -> Reaction:
        """Press or choose in a modal or the App Home."""
        view = self.view_of(user, view_id)
        action = self._action(view.body["blocks"], action_id, chosen)
        return await self._interact("interactive", interactions.view_action(self._ws, user, view, action))

    async def slash(self, user: str, channel_id: str, command: str, text: str) -> Reaction:
        """Type a command in a channel; threads have none."""
        channel = self._ws.channel(channel_id)
        if user not in channel.members:
            raise NotPossible("the person is not in this channel")
        payload = interactions.slash_command(self._ws, user, channel, command, text)
        return await self._interact("slash_commands", payload, answers=True)

    def open_home(self, user: str) -> None:
        channel = self._ws.direct_channel(self._ws.person(user).id)
        self._ws.emit(events.home_opened(self._ws, user, channel))

    def view_of(self, user: str, view_id: str) -> OpenView:
        view = self._ws.views.opened(view_id)
        if view is None or view.user != user:
            raise NotPossible(f"{user} has no view {view_id} open")
        return view

    async def _interact(self, family: Any, payload: Json, answers: bool = False) -> Reaction:
        outcome: Outcome = await self._delivery.interact(Parcel(family, payload, accepts_response=answers))
        return Reaction(outcome.acknowledged, outcome.reason, outcome.response, payload)

    def _action(self, blocks: list[Json], action_id: str, chosen: Any) -> Json:
        found = find_element(blocks, action_id)
        if found is None:
            raise NotPossible(f"there is nothing with the action id {action_id} to press")
        block, element = found
        state = {} if element["type"] == "button" else state_of(element, chosen)
        return interactions.action_of(self._ws, block["block_id"], element, state)

    def _check_may_write(self, user: str, channel_id: str) -> None:
        channel, person = self._ws.channel(channel_id), self._ws.person(user)
        if channel.archived:
            raise NotPossible("the channel is archived")
        if person.deleted:
            raise NotPossible("the account is deactivated")
        if user not in channel.members:
            raise NotPossible(f"{person.name} is not in {channel.name}")

    def _own(self, user: str, channel_id: str, ts: str, verb: str) -> Message:
        message = self._ws.message(channel_id, ts)
        if message.user != user or message.subtype == "tombstone":
            raise NotPossible(f"{user} cannot {verb} this message")
        return message


def typed_blocks(ws: Workspace, text: str) -> list[Json]:
    """The rich text that Slack's composer makes of what is typed."""
    if not text:
        return []
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": ws.ids.short(), "elements": [line]}]


def _remembered(ws: Workspace, channel_id: str, shown: Json | None) -> Message:
    """A message that is gone but stands on a screen that was not refreshed."""
    if shown is None:
        raise NotPossible("there is no such message")
    return Message(
        channel_id, str(shown["ts"]), str(shown.get("user", "")), str(shown.get("text", "")), ws.team_id,
        thread_ts=str(shown.get("thread_ts", "")), bot_id=str(shown.get("bot_id", "")),
    )  # fmt: skip
