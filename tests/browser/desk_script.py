"""What the stand-in for the service knows and answers: handoffs, transcripts, and the agents' API over them."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

Json = dict[str, Any]

RANK = {"urgent": 0, "high": 1, "normal": 2}


def at(seconds_ago: float = 0) -> str:
    """The time so many seconds ago, as the contract writes it."""
    moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Agent:
    """Somebody with a token."""

    name: str
    role: str = "agent"


@dataclass
class Fault:
    """What to answer in place of the truth: an error status after `applied` or not, or a long silence before it
    happens (`delay`) or before its answer (`late`), in seconds."""

    method: str
    ending: str
    status: int = 503
    applied: bool = False
    delay: float = 0
    late: float = 0
    body: Json | None = None
    times: int = 1


class Refusal(Exception):
    """The API says no."""

    def __init__(self, status: int, detail: str, agent: Json | None = None) -> None:
        super().__init__(detail)
        self.response = JSONResponse({"detail": detail, "agent": agent}, status)


@dataclass
class Desk:
    """What the stand-in knows, and who listens."""

    agents: dict[str, Agent] = field(default_factory=lambda: {"ana-token": Agent("Ana")})
    handoffs: dict[str, Json] = field(default_factory=dict)
    messages: dict[str, list[Json]] = field(default_factory=dict)
    earlier: dict[str, list[str]] = field(default_factory=dict)
    canned: list[Json] = field(default_factory=list)
    teams: list[str] = field(default_factory=lambda: ["facturas", "general"])
    available: dict[str, bool] = field(default_factory=dict)  # by name; who is not in it was never seen
    replies: dict[str, str] = field(default_factory=dict)
    sockets: dict[WebSocket, Agent] = field(default_factory=dict)
    calls: list[tuple[str, str, Json | None]] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    away: bool = False
    dumb: bool = False

    # ---- reading -----------------------------------------------------------------------------------

    def listed(self, *statuses: str) -> list[Json]:
        """Handoffs of these statuses, in the order in which they should be taken."""
        found = [handoff for handoff in self.handoffs.values() if handoff["status"] in statuses]
        return sorted(found, key=lambda one: (RANK[one["priority"]], one["waiting_since"]))

    def case(self, handoff_id: str, last: int, before: float) -> Json:
        """A handoff with that part of its transcript and the customer's earlier ones."""
        others = [self.handoffs[other] for other in self.earlier.get(handoff_id, [])]
        handoff, messages = self.found(handoff_id), self.messages[handoff_id]
        end = next((at for at, one in enumerate(messages) if one["seq"] and one["seq"] >= before), len(messages))
        numbered = [at for at, one in enumerate(messages[:end]) if one["seq"]]
        has_earlier = len(numbered) > last
        part = messages[numbered[-last] if has_earlier else 0 : end]
        return {**handoff, "messages": part, "handoffs": others, "has_earlier": has_earlier}

    def found(self, handoff_id: str) -> Json:
        """The handoff of this id; refuses with 404."""
        if handoff_id not in self.handoffs:
            raise Refusal(404, "There is no such handoff.")
        return self.handoffs[handoff_id]

    def held(self, handoff_id: str, agent: Agent) -> Json:
        """The handoff, if `agent` has it; refuses with 409."""
        handoff = self.found(handoff_id)
        if handoff["status"] != "assigned" or handoff["agent"]["name"] != agent.name:
            raise Refusal(409, "You don't have this handoff.", handoff["agent"])
        return handoff

    # ---- changing ----------------------------------------------------------------------------------

    def put(self, handoff_id: str, **fields: Any) -> Json:
        """Open a handoff, or change one, without telling anybody."""
        handoff = self.handoffs.get(handoff_id) or blank(handoff_id)
        self.handoffs[handoff_id] = {**handoff, **fields}
        self.messages.setdefault(handoff_id, [])
        return self.handoffs[handoff_id]

    async def change(self, handoff_id: str, **fields: Any) -> Json:
        """Open or change a handoff, and tell every console."""
        handoff = self.put(handoff_id, **fields)
        await self.tell({"type": "handoff", "handoff": handoff})
        return handoff

    def store(self, handoff_id: str, author: str, text: str, **fields: Any) -> Json:
        """Add a message to the transcript without telling anybody."""
        messages = self.messages[handoff_id]
        seq = None if author == "note" else 1 + max((m["seq"] for m in messages if m["seq"]), default=0)
        name = fields.pop("name", None)
        message = {"seq": seq, "author": author, "name": name, "agent": name, "text": text, "sent_at": at(), **fields}
        messages.append(message)
        if author not in ("note", "system"):
            last = {"author": author, "text": text, "sent_at": message["sent_at"]}
            self.handoffs[handoff_id] = {**self.handoffs[handoff_id], "last_message": last}
        return message

    async def say(self, handoff_id: str, author: str, text: str, **fields: Any) -> Json:
        """Add a message and tell every console."""
        message = self.store(handoff_id, author, text, **fields)
        await self.tell({"type": "message", **self.about(handoff_id), "message": message})
        return message

    def about(self, handoff_id: str) -> Json:
        """What every frame about a conversation carries."""
        return {"handoff_id": handoff_id, "conversation_id": self.handoffs[handoff_id]["conversation_id"]}

    async def tell(self, frame: Json) -> None:
        """Send a frame to every console that was greeted."""
        for socket in list(self.sockets):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_json(frame)


def blank(handoff_id: str) -> Json:
    """A handoff nobody has taken, opened just now."""
    return {
        "id": handoff_id,
        "conversation_id": f"c-{handoff_id}",
        "code": f"R-{handoff_id.upper()}",
        "status": "queued",
        "reason": "asked_for_person",
        "signals": [{"name": "asked_for_person", "value": True, "weight": 1.0}],
        "priority": "normal",
        "team": "general",
        "language": "es",
        "channel": "widget",
        "customer": {"id": None, "name": None, "verified": False},
        "agent": None,
        "summary": "",
        "opened_at": at(),
        "waiting_since": at(),
        "claimed_at": None,
        "resolved_at": None,
        "outcome": None,
        "topic": None,
        "last_message": None,
        "mood": None,
        "account": None,
        "verdict": None,
        "paused_until": None,
        "opens_at": None,
        "snoozed_until": None,
        "promise": None,
        "open_promises": [],
        "clocks": [],
        "asked": [],
        "preferred_agent": None,
        "preferred_until": None,
        "suggestion": None,
    }


def running_clock(name: str, limit: float, spent: float, warn_share: float = 0.8) -> Json:
    """A clock that runs since `spent` seconds, as the contract writes it."""
    state = "running" if spent < limit else "breached"
    times = {"warn_at": at(spent - warn_share * limit), "due_at": at(spent - limit)}
    return {"name": name, "state": state, "limit_seconds": limit, "spent_seconds": spent, **times}


# ---- the API ---------------------------------------------------------------------------------------

Action = Callable[[Desk, Agent, Request, Json], Awaitable[Response]]


async def list_handoffs(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    return JSONResponse({"handoffs": desk.listed(request.query_params["status"])})


async def show(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    asked = request.query_params
    return JSONResponse(desk.case(request.path_params["id"], int(asked["last"]), float(asked.get("before", "inf"))))


async def claim(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.found(request.path_params["id"])
    if handoff["status"] != "queued":
        raise Refusal(409, "Somebody has it already.", handoff["agent"])
    return JSONResponse(await taken(desk, handoff["id"], agent))


async def reopen(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.found(request.path_params["id"])
    if handoff["status"] != "resolved":
        raise Refusal(409, "It is not resolved.", handoff["agent"])
    return JSONResponse(await taken(desk, handoff["id"], agent, resolved_at=None, outcome=None, topic=None))


async def taken(desk: Desk, handoff_id: str, agent: Agent, **fields: Any) -> Json:
    holder = {"name": agent.name, "desk": "console"}
    return await desk.change(handoff_id, status="assigned", agent=holder, claimed_at=at(), **fields)


async def release(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.held(request.path_params["id"], agent)
    return JSONResponse(await desk.change(handoff["id"], status="queued", agent=None, claimed_at=None))


async def transfer(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.found(request.path_params["id"])
    if agent.role != "supervisor":
        desk.held(handoff["id"], agent)
    if "agent" in body:
        if body["agent"] not in {known.name for known in desk.agents.values()}:
            raise Refusal(422, "Nobody of this name works here.")
        holder = {"name": body["agent"], "desk": "console"}
        return JSONResponse(await desk.change(handoff["id"], status="assigned", agent=holder))
    return JSONResponse(await desk.change(handoff["id"], status="queued", agent=None, team=body["team"]))


async def resolve(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.held(request.path_params["id"], agent)
    if body.get("note"):
        await desk.say(handoff["id"], "note", body["note"], name=agent.name)
    ending = {"outcome": body.get("outcome"), "topic": body.get("topic"), "resolved_at": at()}
    if body.get("promise"):
        ending["promise"] = promise_of(handoff["code"], agent.name, body["promise"], body.get("due"))
    return JSONResponse(await desk.change(handoff["id"], status="resolved", **ending))


def promise_of(code: str, agent: str, text: str, due: str | None) -> Json:
    return {"code": code, "agent": agent, "text": text, "due": due, "kept_at": None}


async def canned(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    name = desk.found(request.path_params["id"])["customer"]["name"]
    return JSONResponse({"canned": [{**one, "text": one["text"].format(name=name)} for one in desk.canned]})


async def snooze(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.held(request.path_params["id"], agent)
    until = body["until"] or at(-60 * 86400)
    if until < at():
        raise Refusal(422, "That is no time to snooze until.")
    return JSONResponse(await desk.change(handoff["id"], snoozed_until=until))


async def wake(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.held(request.path_params["id"], agent)
    return JSONResponse(await desk.change(handoff["id"], snoozed_until=None))


async def give_back(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.held(request.path_params["id"], agent)
    ending = {"outcome": "solved", "resolved_at": at(), "suggestion": None}
    return JSONResponse(await desk.change(handoff["id"], status="resolved", **ending))


async def keep_promise(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.found(request.path_params["id"])
    if not handoff["promise"] or handoff["promise"]["kept_at"]:
        raise Refusal(409, "Nothing is promised here.")
    for other in desk.handoffs.values():
        other["open_promises"] = [one for one in other["open_promises"] if one["code"] != handoff["code"]]
    return JSONResponse(await desk.change(handoff["id"], promise={**handoff["promise"], "kept_at": at()}))


async def judge(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    return JSONResponse(await desk.change(request.path_params["id"], verdict=body["verdict"]))


async def unpause(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    return JSONResponse(await desk.change(request.path_params["id"], paused_until=None))


async def reply(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.held(request.path_params["id"], agent)
    if body["id"] in desk.replies:
        if desk.replies[body["id"]] != body["text"]:
            raise Refusal(409, "This id was used already, for other words.")
        same = (m for m in desk.messages[handoff["id"]] if m["author"] == "agent" and m["text"] == body["text"])
        return JSONResponse(next(same))
    desk.replies[body["id"]] = body["text"]
    if handoff["suggestion"]:
        await desk.change(handoff["id"], suggestion=None)
    return JSONResponse(await desk.say(handoff["id"], "agent", body["text"], name=agent.name))


async def note(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    handoff = desk.found(request.path_params["id"])
    return JSONResponse(await desk.say(handoff["id"], "note", body["text"], name=agent.name))


async def correct(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    message = own_message(desk, agent, request)
    message.update(text=body["text"], edited_at=at())
    about = desk.about(request.path_params["id"])
    await desk.tell({"type": "edited", **about, "seq": message["seq"], "text": body["text"]})
    return JSONResponse(message)


async def take_back(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    message = own_message(desk, agent, request)
    handoff_id = request.path_params["id"]
    desk.messages[handoff_id].remove(message)
    await desk.tell({"type": "deleted", **desk.about(handoff_id), "seq": message["seq"]})
    return Response(status_code=204)


def own_message(desk: Desk, agent: Agent, request: Request) -> Json:
    for message in desk.messages[request.path_params["id"]]:
        if message["seq"] == request.path_params["seq"]:
            if message["author"] != "agent" or message["name"] != agent.name:
                raise Refusal(409, "Only who wrote a message may correct it or take it back.")
            return message
    raise Refusal(404, "There is no such message in this conversation.")


async def directory(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    names = sorted(known.name for known in desk.agents.values())
    present = [colleague(desk, name) for name in sorted(desk.available)]
    return JSONResponse({"agents": names, "teams": desk.teams, "present": present})


def colleague(desk: Desk, name: str) -> Json:
    held = [one for one in desk.handoffs.values() if one["status"] == "assigned" and one["agent"]["name"] == name]
    return {
        "name": name,
        "desk": "console",
        "is_available": desk.available[name],
        "load": len(held),
        "capacity": 3,
    }


async def change_agent(desk: Desk, agent: Agent, request: Request, body: Json) -> Response:
    name = request.path_params["name"]
    if name != agent.name and agent.role != "supervisor":
        raise Refusal(403, "Only they themselves or a supervisor may say so.")
    desk.available[name] = body["availability"] == "available"
    return JSONResponse(colleague(desk, name))


ROUTES: list[tuple[str, str, Action]] = [
    ("GET", "/v1/handoffs", list_handoffs),
    ("GET", "/v1/agents", directory),
    ("PATCH", "/v1/agents/{name}", change_agent),
    ("GET", "/v1/handoffs/{id}", show),
    ("POST", "/v1/handoffs/{id}/claim", claim),
    ("POST", "/v1/handoffs/{id}/release", release),
    ("POST", "/v1/handoffs/{id}/reopen", reopen),
    ("POST", "/v1/handoffs/{id}/resolve", resolve),
    ("POST", "/v1/handoffs/{id}/transfer", transfer),
    ("GET", "/v1/handoffs/{id}/canned", canned),
    ("POST", "/v1/handoffs/{id}/snooze", snooze),
    ("DELETE", "/v1/handoffs/{id}/snooze", wake),
    ("POST", "/v1/handoffs/{id}/give-back", give_back),
    ("POST", "/v1/handoffs/{id}/promise/kept", keep_promise),
    ("POST", "/v1/handoffs/{id}/verdict", judge),
    ("POST", "/v1/handoffs/{id}/unpause", unpause),
    ("POST", "/v1/handoffs/{id}/messages", reply),
    ("POST", "/v1/handoffs/{id}/notes", note),
    ("PATCH", "/v1/handoffs/{id}/messages/{seq:int}", correct),
    ("DELETE", "/v1/handoffs/{id}/messages/{seq:int}", take_back),
]
