"""One Slack workspace with the app under test installed: its people, channels, messages, files and views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .channels import Channel, Kind
from .clock import Clock, Ids
from .files import Files
from .journal import Journal
from .messages import Message, MessageStore
from .people import App, Person
from .response_urls import ResponseUrls
from .settings import Settings
from .tokens import Tokens
from .triggers import Triggers
from .view_stacks import ViewStacks

Json = dict[str, Any]


@dataclass(frozen=True)
class Ephemeral:
    """A message only one person sees; Slack keeps no record of it, the emulator does."""

    message: Message
    user: str


class Unknown(Exception):
    """A test named somebody or something that is not in the workspace."""


@dataclass
class Workspace:
    """The state; who may change it how is said by the methods of the Web API and by what people do."""

    base_url: str
    seed: int = 0
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    messages: MessageStore = field(default_factory=MessageStore)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ephemerals: dict[str, Ephemeral] = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)
    emit: Callable[[Json], None] = lambda event: None
    new_connection: Callable[[], str] = lambda: ""
    """Gives the URL of a new Socket Mode connection."""

    def __post_init__(self) -> None:
        self.ids = Ids(self.seed)
        self.team_id = self.ids.make("T")
        self.app = self._install_app()
        self.tokens = Tokens()
        self.files = Files(self.ids, self.base_url, self.team_id)
        self.triggers = Triggers(self.ids, self.clock, self.settings)
        self.response_urls = ResponseUrls(self.ids, self.clock, self.settings, self.base_url, self.team_id)
        self.views = ViewStacks(self.ids, self.clock, self.app)

    def _install_app(self) -> App:
        bot_user, bot, app = self.ids.make("U"), self.ids.make("B"), self.ids.make("A")
        self.people[bot_user] = Person(
            bot_user, "relevo", "Relevo", self.team_id, display_name="", bot_id=bot, app_id=app
        )
        return App(app, "Relevo", bot, bot_user, self.team_id, "Alborada", "alborada", self.ids.token())

    def add_person(self, name: str, **more: Any) -> Person:
        handle = name.lower().replace(" ", ".")
        stranger = bool(more.get("is_stranger"))
        more.setdefault("real_name", name)
        more.setdefault("team_id", self.ids.make("T") if stranger else self.team_id)
        if more.pop("is_bot", False):
            more |= {"bot_id": self.ids.make("B"), "app_id": self.ids.make("A")}
        person = Person(self.ids.make("U"), handle, **more)
        self.people[person.id] = person
        return person

    def add_channel(self, name: str, kind: Kind, members: list[str], creator: str = "") -> Channel:
        creator = creator or next(iter(members), self.app.bot_user_id)
        letter = "D" if kind == "im" else "C"
        made = int(self.clock.now())
        channel = Channel(self.ids.make(letter, 10), name, kind, creator, made, self.team_id, list(members))
        self.channels[channel.id] = channel
        return channel

    def direct_channel(self, user: str) -> Channel:
        """The direct messages between the app's bot and somebody."""
        pair = {user, self.app.bot_user_id}
        known = (c for c in self.channels.values() if c.kind == "im" and set(c.members) == pair)
        return next(known, None) or self.add_channel("directmessage", "im", [self.app.bot_user_id, user])

    def person(self, user: str) -> Person:
        if user not in self.people:
            raise Unknown(f"nobody here has the id {user}")
        return self.people[user]

    def channel(self, channel: str) -> Channel:
        if channel not in self.channels:
            raise Unknown(f"there is no channel {channel}")
        return self.channels[channel]

    def message(self, channel: str, ts: str) -> Message:
        found = self.messages.get(channel, ts)
        if found is None:
            raise Unknown(f"there is no message {ts} in {channel}")
        return found

    def app_sees(self, channel: Channel) -> bool:
        """Whether the app's bot is a member, and so gets the channel's events."""
        return self.app.bot_user_id in channel.members

    def set_base_url(self, base_url: str) -> None:
        self.base_url = base_url
        self.files.base_url = base_url
        self.response_urls.base_url = base_url
