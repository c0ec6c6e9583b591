"""The tests' side of the emulator: `POST /control/<verb>` with the verb's arguments as JSON."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import talk
from .errors import NotPossible
from .tokens import APP_TOKEN, BOT_TOKEN
from .workspace import Unknown

if TYPE_CHECKING:
    from .server import Emulator

Json = dict[str, Any]


class Control:
    """Every public method is a verb. What a person could not do is answered 409, a wrong call 400."""

    def __init__(self, emulator: Emulator) -> None:
        self._e = emulator
        self._ws = emulator.ws

    async def serve(self, request: web.Request) -> web.Response:
        verb = request.match_info["verb"]
        act: Callable[..., Any] | None = None if verb.startswith("_") or verb == "serve" else getattr(self, verb, None)
        if act is None:
            return web.json_response({"error": f"there is no verb {verb}"}, status=404)
        try:
            answer = act(**await request.json())
            if inspect.isawaitable(answer):
                answer = await answer
        except NotPossible as refusal:
            return web.json_response({"error": str(refusal)}, status=409)
        except (Unknown, TypeError, ValueError, KeyError) as mistake:
            return web.json_response({"error": f"{type(mistake).__name__}: {mistake}"}, status=400)
        return web.json_response({"result": answer})

    # The workspace

    def identity(self) -> Json:
        return asdict(self._ws.app) | {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN}

    def configure(self, **values: Any) -> None:
        self._ws.settings.change(values)

    def add_person(self, name: str, **more: Any) -> Json:
        return self._ws.add_person(name, **more).as_json(True)

    def change_person(self, user: str, **values: Any) -> None:
        person = self._ws.person(user)
        for name, value in values.items():
            if not hasattr(type(person), name) and name not in vars(person):
                raise ValueError(f"people have no {name}")
            setattr(person, name, value)

    def add_channel(self, name: str, kind: Any, members: list[str], with_app: bool) -> Json:
        everybody = list(dict.fromkeys(members + ([self._ws.app.bot_user_id] if with_app else [])))
        for member in everybody:
            self._ws.person(member)
        return self._ws.add_channel(name, kind, everybody).as_json(self._ws.app.bot_user_id)

    def archive(self, channel: str, archived: bool) -> None:
        self._ws.channel(channel).archived = archived

    def set_scopes(self, scopes: list[str], token: str) -> None:
        self._ws.tokens.set_scopes(token, set(scopes))

    def scopes(self, token: str) -> list[str]:
        known = self._ws.tokens.find(token)
        return sorted(known.scopes) if known else []

    def kill_token(self, token: str, error: str) -> None:
        self._ws.tokens.kill(token, error)

    # What people do

    def post(self, user: str, channel: str, text: str, files: list[Json], **more: Any) -> Json:
        put = [self._ws.files.put(f["name"], base64.b64decode(f["content"]), user) for f in files]
        message = self._e.acts.post(user, channel, text, files=put, **more)
        return self._ws.messages.as_json(message, True) | {"channel": channel}

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        self._e.acts.edit(user, channel, ts, text)

    def delete(self, user: str, channel: str, ts: str) -> None:
        self._e.acts.delete(user, channel, ts)

    def react(self, user: str, channel: str, ts: str, name: str, add: bool) -> bool:
        do = talk.react if add else talk.unreact
        return do(self._ws, self._ws.channel(channel), self._ws.message(channel, ts), user, name)

    def join(self, user: str, channel: str, inviter: str) -> None:
        self._ws.person(user)
        talk.join(self._ws, self._ws.channel(channel), user, inviter)

    def leave(self, user: str, channel: str) -> None:
        talk.leave(self._ws, self._ws.channel(channel), user)

    async def press(self, **how: Any) -> Json:
        return asdict(await self._e.acts.press(**how))

    async def press_in_view(self, **how: Any) -> Json:
        return asdict(await self._e.acts.press_in_view(**how))

    async def slash(self, user: str, channel: str, command: str, text: str) -> Json:
        from .command_answers import answer_command

        reaction = await self._e.acts.slash(user, channel, command, text)
        if reaction.acknowledged:
            answer_command(self._ws, user, channel, reaction.response)
        return asdict(reaction)

    async def submit_view(self, user: str, view: str, values: Json) -> Json:
        return asdict(await self._e.submissions.submit(user, view, values))

    async def close_view(self, user: str, view: str, whole_stack: bool) -> bool:
        return await self._e.submissions.close(user, view, whole_stack)

    def open_home(self, user: str) -> None:
        self._e.acts.open_home(user)

    # What there is to see

    def messages(self, channel: str, thread_ts: str) -> list[Json]:
        store = self._ws.messages
        if not thread_ts:
            found = [message for message in store.all(channel) if message.in_channel]
        else:
            parent = store.get(channel, thread_ts)
            found = ([parent] if parent else []) + store.replies(channel, thread_ts)
        return [store.as_json(message, True) | {"channel": channel} for message in found]

    def message(self, channel: str, ts: str) -> Json | None:
        found = self._ws.messages.get(channel, ts)
        return self._ws.messages.as_json(found, True) | {"channel": channel} if found else None

    def ephemerals(self, user: str, channel: str) -> list[Json]:
        """Those this person (or anybody) sees in the channel (or anywhere)."""
        seen = [e for e in self._ws.ephemerals.values() if user in ("", e.user) and channel in ("", e.message.channel)]
        return [e.message.as_json(True) | {"channel": e.message.channel, "seen_by": e.user} for e in seen]

    def view(self, user: str) -> Json | None:
        top = self._ws.views.top(user)
        return top.body if top else None

    def home(self, user: str) -> Json | None:
        home = self._ws.views.home(user)
        return home.body if home else None

    def requests(self, method: str, since: int) -> list[Json]:
        return self._ws.journal.requests_of(method, since)

    def effects(self, kind: str, since: int) -> list[Json]:
        return self._ws.journal.effects_of(kind, since)

    def deliveries(self, since: int) -> list[Json]:
        return self._ws.journal.deliveries[since:]

    def events(self, since: int) -> list[Json]:
        return self._e.delivery.records(since)

    def deliveries_under_way(self) -> int:
        return self._e.delivery.under_way

    # The connection to the app, and what goes wrong

    def connections(self) -> Json:
        sockets = self._e.sockets
        return {"open": len(sockets.connections), "opened": sockets.opened, "late_acks": sockets.late_acks}

    async def refresh_sockets(self, warning_seconds: float) -> None:
        await self._e.sockets.refresh(warning_seconds)

    def kill_sockets(self, count: int | None) -> int:
        return self._e.sockets.kill(count)

    def silence_sockets(self, silent: bool) -> None:
        self._e.sockets.silent = silent

    async def use_http(self, base_url: str, signing_secret: str, paths: dict[str, str]) -> bool:
        return await self._e.use_http(base_url, signing_secret, paths).verify()

    def use_sockets(self) -> None:
        self._e.use_sockets()

    def set_mode(self, mode: Any, during_outage: Any) -> None:
        self._e.set_mode(mode, during_outage)

    def subscribe(self, unsubscribed: list[str]) -> None:
        self._e.delivery.unsubscribed = set(unsubscribed)

    def redeliver(self, event_id: str, retry: bool) -> None:
        self._e.delivery.redeliver(event_id, retry)

    def fault(self, **rule: Any) -> None:
        self._e.faults.add(**rule)

    def clear_faults(self, on: str) -> None:
        self._e.faults.clear(on)

    def reseed(self, seed: int) -> None:
        self._e.faults.reseed(seed)

    def faults_fired(self) -> dict[str, int]:
        limits = self._e.web_api.limits.refused
        return dict(self._e.faults.fired) | ({"rate limit": limits} if limits else {})
