"""Delivery by webhook: order kept per lane, several lanes at once, again and again until the bot takes it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.model import Json
from tests.emulators.telegram.parameters import Parameters, from_mapping
from tests.emulators.telegram.updates import SENT_BY_DEFAULT, Update
from tests.emulators.telegram.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET_CHARACTERS = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
LONGEST_WAIT = 60
NOT_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")
CallMethod = Callable[[str, Parameters], Awaitable[Any]]


@dataclass
class _Lane:
    """One queue whose order is kept: at most one of its updates is on its way."""

    busy: bool = False
    failures: int = 0
    due: float = 0.0


@dataclass
class Webhook:
    """The webhook that is set, if one is: an empty `url` means none."""

    world: World
    call: CallMethod
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: Json = field(default_factory=dict)
    deliveries: list[Json] = field(default_factory=list)
    _lanes: dict[str, _Lane] = field(default_factory=dict)
    _runner: asyncio.Task[None] | None = None
    _on_their_way: set[asyncio.Task[None]] = field(default_factory=set)
    _jitter: random.Random = field(default_factory=lambda: random.Random(1))

    def set(self, parameters: Parameters) -> str:
        """Set or, with an empty `url`, remove it. Gives back what Telegram says to it."""
        url, secret = parameters.text("url"), parameters.text("secret_token")
        self._check(url, secret)
        if parameters.boolean("drop_pending_updates"):
            self.world.updates.drop()
        if not url:
            return self.remove()
        self.world.updates.allow(parameters.json("allowed_updates", "can't parse allowed updates JSON object"))
        most = parameters.integer("max_connections", 40, 1, 100)
        if (url, secret, most) == (self.url, self.secret, self.max_connections):
            return "Webhook is already set"
        self.stop()
        self.url, self.secret, self.max_connections = url, secret, most
        self.last_error, self._lanes = {}, {}
        self._runner = asyncio.get_running_loop().create_task(self._run())
        return "Webhook was set"

    def remove(self) -> str:
        was_set = bool(self.url)
        self.stop()
        self.url = self.secret = ""
        self.world.changes.tell()
        return "Webhook was deleted" if was_set else "Webhook is already deleted"

    def stop(self) -> None:
        """Nothing is delivered any more; what was on its way stays unconfirmed."""
        for task in (*self._on_their_way, *([self._runner] if self._runner else [])):
            task.cancel()
        self._runner = None
        self._on_their_way.clear()

    def info(self) -> Json:
        """A `WebhookInfo` object."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates.pending),
        }
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1", **self.last_error}
        if self.world.updates.allowed != SENT_BY_DEFAULT:
            info["allowed_updates"] = sorted(self.world.updates.allowed)
        return info

    def _check(self, url: str, secret: str) -> None:
        if url and (not urlsplit(url).hostname or urlsplit(url).scheme not in ("http", "https")):
            raise bad_request("invalid webhook URL specified")
        if url.startswith("http://") and self.world.settings.webhook_needs_https:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if set(secret) - SECRET_CHARACTERS:
            raise bad_request("secret token contains unallowed characters")

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self.world.settings.webhook_timeout)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                seen = self.world.changes.number
                self._start_deliveries(session)
                await self.world.changes.wait(seen, self._seconds_until_due())

    def _start_deliveries(self, session: aiohttp.ClientSession) -> None:
        now = asyncio.get_running_loop().time()
        lanes: dict[str, list[Update]] = {}
        for update in self.world.updates.waiting():
            lanes.setdefault(update.lane, []).append(update)
        for name, updates in lanes.items():
            lane = self._lanes.setdefault(name, _Lane())
            if lane.busy or lane.due > now or len(self._on_their_way) >= self.max_connections:
                continue
            lane.busy = True
            overtakes = len(updates) > 1 and self.world.faults.draw({"out_of_order"})
            task = asyncio.get_running_loop().create_task(self._deliver(session, lane, updates[1 if overtakes else 0]))
            self._on_their_way.add(task)
            task.add_done_callback(self._on_their_way.discard)

    async def _deliver(self, session: aiohttp.ClientSession, lane: _Lane, update: Update) -> None:
        try:
            error, retry_after = await self._post(session, update)
            if not error and self.world.faults.draw({"duplicate_update"}):
                error, retry_after = await self._post(session, update)
            if error:
                self._delay(lane, error, retry_after)
            else:
                lane.failures, lane.due = 0, 0.0
                self.world.updates.forget(update)
        finally:
            lane.busy = False
            self.world.changes.tell()

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> tuple[str, float]:
        """Hand the update over. Gives back what went wrong, if anything, and how long to wait."""
        headers = {"Content-Type": "application/json", **({SECRET_HEADER: self.secret} if self.secret else {})}
        delivery: Json = {"update_id": update.id, "at": self.world.clock.now(), "status": None}
        self.deliveries.append(delivery)
        try:
            async with session.post(self.url, data=json.dumps(update.as_json()), headers=headers) as answer:
                delivery["status"] = answer.status
                if not 200 <= answer.status <= 299:
                    wait = answer.headers.get("Retry-After", "")
                    reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                    return reason, float(wait) if wait.isdigit() else 0.0
                await self._carry_out(await answer.read())
                return "", 0.0
        except TimeoutError:
            return "Read timeout expired", 0.0
        except (aiohttp.ClientError, OSError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            return "Connection refused" if refused else "Webhook connection closed", 0.0

    async def _carry_out(self, body: bytes) -> None:
        """A bot may put one call into its answer; what comes of it, nobody is told."""
        with contextlib.suppress(ValueError):
            decoded = json.loads(body or b"null")
            name = str(decoded.get("method", "")) if isinstance(decoded, dict) else ""
            if name and not name.lower().startswith(NOT_IN_ANSWERS):
                await self.call(name, from_mapping({key: decoded[key] for key in decoded if key != "method"}))

    def _delay(self, lane: _Lane, error: str, retry_after: float) -> None:
        """The first time again at once, then after 2, 4, 8… seconds, a minute or two at the most."""
        lane.failures += 1
        wait = retry_after
        if not wait and lane.failures > 1:
            longest = self._jitter.uniform(LONGEST_WAIT, 2 * LONGEST_WAIT)
            wait = min(longest, 2.0 ** (lane.failures - 1)) * self.world.settings.webhook_retry_unit
        lane.due = asyncio.get_running_loop().time() + wait
        self.last_error = {"last_error_date": self.world.now(), "last_error_message": error}

    def _seconds_until_due(self) -> float:
        now = asyncio.get_running_loop().time()
        due = [lane.due - now for lane in self._lanes.values() if not lane.busy and lane.due > now]
        return min([1.0, *due])
