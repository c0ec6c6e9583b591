"""The desk as a whole: its parts put together, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter

from handoff_service.background import Job, running
from handoff_service.desks.agents import Agents
from handoff_service.desks.slack import http_routes, threads
from handoff_service.desks.slack.api import Limited, Refused, SlackApi, SlackTrouble
from handoff_service.desks.slack.cards import CardMaker
from handoff_service.desks.slack.carrier import Carrier
from handoff_service.desks.slack.courtesies import Courtesies
from handoff_service.desks.slack.front import Front
from handoff_service.desks.slack.health import DeskHealth
from handoff_service.desks.slack.history import History
from handoff_service.desks.slack.home import HomeMaker
from handoff_service.desks.slack.intake import Intake
from handoff_service.desks.slack.jobs import Jobs
from handoff_service.desks.slack.modals import Modals
from handoff_service.desks.slack.pacing import Pacer
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.presses import Presses
from handoff_service.desks.slack.sender import Sender
from handoff_service.desks.slack.sockets import CONNECTIONS, Socket
from handoff_service.desks.slack.thread_lines import ThreadLines
from handoff_service.desks.slack.words import load_desk_words
from handoff_service.desks.slack.worker import Worker
from handoff_service.settings import Settings
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard.canned import Canned
from handoff_service.switchboard.files import Cabinet
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.rules.roster import Roster
from handoff_service.words import Words

LEASE, LEASE_SECONDS, RENEW_EVERY = "slack-desk", 15.0, 4.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 20.0
MEET_EVERY = 600.0  # seconds


class SlackDesk:
    """Slack as a desk. Several replicas may listen; one at a time writes and works off what came in."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        hub: Hub,
        words: Words,
        agents: Agents,
        desk_file: Roster,
        canned: Canned,
    ) -> None:
        self._settings = settings
        self._store = store
        self._holder = secrets.token_hex(8)
        self._leads_until = 0.0
        self.health = DeskHealth()
        self._api = api = SlackApi(settings.slack_bot_token.get_secret_value(), settings.slack_api_url or None)
        desk_words = load_desk_words(desk_file.language)
        cabinet = Cabinet(settings.data_dir / "files")
        channel = settings.slack_channel
        own = {team.channel for team in desk_file.teams.values() if team.channel}
        channels = [channel, *sorted(own - {channel})]
        self._people = people = People(api, store, agents, desk_file, channels)
        self._courtesies = courtesies = Courtesies(api, store, desk_words)
        lines = ThreadLines(api, store, people, courtesies, cabinet, desk_words)
        self._history = history = History(api, store, lines, self.health, settings.slack_reread_seconds)
        front = Front(api, store, courtesies, HomeMaker(desk_words, desk_file.timezone))
        presses = Presses(api, store, people, agents, courtesies, desk_words, words, channel, front)
        self._worker = Worker(store, people, lines, presses, history, self._leads)
        teams = list(desk_file.teams)
        modals = Modals(api, store, people, agents, desk_words, presses.tell, teams, canned)
        self._intake = Intake(store, frozenset(channels), self._worker.wake, modals)
        grace = settings.slack_grace_seconds
        makes = CardMaker(desk_words, desk_file.timezone, len(desk_file.teams) > 1)
        jobs = Jobs(desk_words, makes, people, grace, channel)
        pacer = Pacer(settings.slack_pace_seconds)
        carrier = Carrier(api, store, desk_words, jobs, cabinet, self.health, history, pacer)
        self._sender = Sender(store, hub, jobs, carrier, channel, self._leads)

    def router(self) -> APIRouter:
        """The signed endpoints; they answer 404 without the secret."""
        return http_routes.router(self._settings.slack_signing_secret.get_secret_value(), self._intake)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The desk works within this block, whether Slack can be reached or not."""
        await self._api.open()
        await self._people.remember_names()
        try:
            async with running(*self._jobs()):
                yield
        finally:
            await self._stop()

    def _jobs(self) -> list[Job]:
        jobs: list[Job] = [self._introduce, self._sender.run, self._worker.run, self._courtesies.run]
        if not self._settings.slack_signing_secret.get_secret_value():
            app_token, lost = self._settings.slack_app_token.get_secret_value(), self._history.lost_sight
            numbers = range(1, CONNECTIONS + 1)
            jobs += [Socket(n, self._api, app_token, self._intake, self.health, lost).run for n in numbers]
        return jobs

    async def _stop(self) -> None:
        """What is under way is found again at the next start."""
        if not self._settings.single_process:
            with contextlib.suppress(StoreUnavailable):
                await self._store.run(threads.give_up_lease, LEASE, self._holder)
        await self._api.close()

    async def _leads(self) -> bool:
        """Whether this process is the one that works: always on SQLite, by lease among several replicas."""
        if self._settings.single_process:
            return True
        if time.monotonic() < self._leads_until:
            return True
        has_it = await self._store.run(threads.hold_lease, LEASE, self._holder, LEASE_SECONDS)
        self._leads_until = time.monotonic() + RENEW_EVERY if has_it else 0.0
        return has_it

    async def _introduce(self) -> None:
        """Learn who we are, look whether the channel is usable, and meet its people now and then."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._people.learn_identity()
                self._worker.wake()
                await self._people.meet_everybody()
                self.health.is_well("introducing")
                pause = MEET_EVERY
            except Limited as limited:
                pause = limited.seconds
            except Refused as refused:
                self.health.is_broken("introducing", refused.error)
                pause = LONGEST_PAUSE
            except SlackTrouble:
                self.health.is_down("introducing")
                pause = min(pause * 2, LONGEST_PAUSE)
            except StoreUnavailable:
                pause = LONGEST_PAUSE
            await asyncio.sleep(pause)
