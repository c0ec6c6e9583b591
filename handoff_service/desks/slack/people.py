"""Who may act at this desk: members of the queue's channel who are no guests, bots or strangers; each one agent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from handoff_service.desks.agents import Agents
from handoff_service.desks.slack.api import Refused, SlackApi, SlackTrouble
from handoff_service.store.database import Store, Transaction
from handoff_service.store.tables import slack_agents
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.switchboard.rules.roster import Roster
from handoff_service.switchboard.rules.text import clean

FRESH = 60.0  # seconds that what Slack said of somebody is believed
DESK = "slack"
PAGE = 200
BETWEEN_LOOKUPS = 1.0  # seconds, when getting to know everybody

Json = dict[str, Any]


@dataclass(frozen=True)
class _Known:
    at: float
    user: Json | None


class People:
    """The people of the queue's channels, believed for a minute at most; checked at every action."""

    def __init__(self, api: SlackApi, store: Store, agents: Agents, desk_file: Roster, channels: Iterable[str]) -> None:
        self._api = api
        self._store = store
        self._agents = agents
        self._desk_file = desk_file
        self._channels = tuple(channels)
        self._members: tuple[float, frozenset[str]] = (-FRESH, frozenset())
        self._users: dict[str, _Known] = {}
        self._names: dict[str, str] = {}  # by user id
        self.team_id = ""
        self.bot_user_id = ""
        self._asking = asyncio.Lock()

    async def learn_identity(self) -> None:
        """Which workspace this is, and who we are in it."""
        identity = await self._api.call("auth.test")
        self.team_id = str(identity.get("team_id", ""))
        self.bot_user_id = str(identity.get("user_id", ""))

    async def remember_names(self) -> None:
        """The names given before, so that a handoff can be passed on to those who have them."""
        self._names = await self._store.read(_names)
        for user_id, name in self._names.items():
            self._welcome(user_id, name)

    async def agent(self, user_id: str) -> Agent | None:
        """The agent this Slack user is; None if they may not act here. Raises `SlackTrouble` if nobody can tell."""
        if user_id not in await self._current_members(user_id):
            return None
        user = await self._user(user_id)
        if user is None or not self._may_act(user):
            return None
        listed = self._desk_file.of_slack_user(user_id)
        name = listed.name if listed else await self._name(user_id, user)
        return self._welcome(user_id, name)

    async def meet_everybody(self) -> None:
        """Give every agent of the channel a name, slowly; whoever acts before is named then."""
        for user_id in await self._current_members(""):
            if user_id not in self._names and user_id != self.bot_user_id:
                await self.agent(user_id)
                await asyncio.sleep(BETWEEN_LOOKUPS)

    def name_of(self, user_id: str) -> str | None:
        """What a mentioned person is called, as far as is known without asking."""
        listed = self._desk_file.of_slack_user(user_id)
        if listed is not None:
            return listed.name
        known = self._users.get(user_id)
        return self._names.get(user_id) or (_first_name(known.user) if known and known.user else None)

    def user_of(self, agent_name: str | None) -> str | None:
        """The Slack user behind an agent's name."""
        listed = self._desk_file.agents.get(agent_name or "")
        if listed is not None and listed.slack:
            return listed.slack
        return next((user_id for user_id, name in list(self._names.items()) if name == agent_name), None)

    async def learn_mentioned(self, user_ids: list[str]) -> None:
        """Ask for the names of people mentioned in a line; without an answer their id will have to do."""
        for user_id in user_ids:
            if self.name_of(user_id) is None:
                try:
                    await self._user(user_id)
                except SlackTrouble:
                    return

    def _welcome(self, user_id: str, name: str) -> Agent:
        listed = self._desk_file.of_slack_user(user_id)
        agent = Agent(name, DESK, listed.supervisor if listed else False)
        self._agents.welcome(agent)
        return agent

    async def _current_members(self, wanted: str) -> frozenset[str]:
        async with self._asking:
            asked_at, members = self._members
            age = time.monotonic() - asked_at
            if age < FRESH and (not wanted or wanted in members or age < 2.0):
                return members
            found: set[str] = set()
            for channel in self._channels:
                found |= await self._members_of(channel)
            self._members = (time.monotonic(), frozenset(found))
            return self._members[1]

    async def _members_of(self, channel: str) -> set[str]:
        found: set[str] = set()
        cursor = ""
        while True:
            page = await self._api.call("conversations.members", channel=channel, limit=PAGE, cursor=cursor or None)
            found.update(page.get("members", ()))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def _user(self, user_id: str) -> Json | None:
        known = self._users.get(user_id)
        if known is not None and time.monotonic() - known.at < FRESH:
            return known.user
        try:
            user: Json | None = (await self._api.call("users.info", user=user_id)).get("user")
        except Refused as refused:
            if refused.error not in ("user_not_found", "user_not_visible", "users_not_found"):
                raise
            user = None
        self._users[user_id] = _Known(time.monotonic(), user)
        return user

    def _may_act(self, user: Json) -> bool:
        barred = ("deleted", "is_bot", "is_workflow_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
        if any(user.get(flag) for flag in barred):
            return False
        teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())} - {None, ""}
        return not teams or not self.team_id or self.team_id in teams

    async def _name(self, user_id: str, user: Json) -> str:
        if user_id not in self._names:
            taken = {*self._desk_file.agents, *self._agents.names()} - set(self._names.values())
            self._names[user_id] = await self._store.run(_give_name, user_id, _wishes(user), frozenset(taken))
        return self._names[user_id]


def _wishes(user: Json) -> list[str]:
    """The names somebody could have here, best first."""
    profile = user.get("profile") or {}
    whole = clean(str(profile.get("real_name") or user.get("real_name") or ""))
    shown = clean(str(profile.get("display_name") or ""))
    wishes = [_first_name(user), shown, whole]
    return [wish[:80] for wish in dict.fromkeys(wishes) if wish] or ["Agente"]


def _first_name(user: Json) -> str:
    profile = user.get("profile") or {}
    for name in (profile.get("first_name"), profile.get("display_name"), user.get("real_name"), user.get("name")):
        if words := clean(str(name or "")).split():
            return words[0][:80]
    return ""


def _names(tx: Transaction) -> dict[str, str]:
    return {row.user_id: row.name for row in tx.connection.execute(select(slack_agents))}


def _give_name(tx: Transaction, user_id: str, wishes: list[str], taken: frozenset[str]) -> str:
    """A name nobody else has here, kept for good: agents are told apart by their names."""
    names = _names(tx)
    if user_id in names:
        return names[user_id]
    gone = {name.casefold() for name in (*taken, *names.values())}
    numbered = [f"{wishes[0]} {number}" for number in range(2, len(gone) + 3)]
    name = next(wish for wish in (*wishes, *numbered) if wish.casefold() not in gone)
    tx.connection.execute(insert(slack_agents).values(user_id=user_id, name=name))
    return name
