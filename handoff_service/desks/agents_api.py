"""The agents' API: each route calls one use-case and answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import PlainTextResponse

from handoff_service.desks import case_json, models
from handoff_service.desks.agents import Agents
from handoff_service.store.database import Store
from handoff_service.switchboard import (
    audit,
    canned,
    giving_back,
    handoffs,
    pauses,
    promises,
    replies,
    snoozing,
    staffing,
    verdicts,
    views,
)
from handoff_service.switchboard.canned import Canned
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.rules.handoff import Agent, Status
from handoff_service.switchboard.rules.labelled import as_yaml
from handoff_service.switchboard.rules.roster import Roster
from handoff_service.switchboard.transcript import Part
from handoff_service.words import Words

REFUSED: dict[int | str, dict[str, Any]] = {
    409: {"model": models.RefusedOut, "description": "It doesn't fit the handoff as it is now."}
}
EVERYWHERE: dict[int | str, dict[str, Any]] = {
    401: {"model": models.RefusedOut, "description": "An agent's token is needed."},
    404: {"model": models.RefusedOut, "description": "There is no such thing."},
    422: {"model": models.InvalidOut, "description": "What was sent can't be meant."},
    503: {"model": models.RefusedOut, "description": "Nothing can be stored at the moment."},
}
FORBIDDEN: dict[int | str, dict[str, Any]] = {
    403: {"model": models.RefusedOut, "description": "Only somebody else may do this."}
}
LONGEST_LIST = 100_000  # no database counts further than its numbers go
LONGEST_PART = 1_000  # messages of a transcript at once; who wants all of them asks for no part
LARGEST_SEQ = 2**31 - 1
_bearer = HTTPBearer(auto_error=False)


def _me(request: Request) -> Agent:
    """Who `router` found to be asking; without it there is nobody, and the call fails."""
    agent: Agent = request.state.agent
    return agent


Me = Annotated[Agent, Depends(_me)]


def _part(
    last: Annotated[
        int | None, Query(ge=1, le=LONGEST_PART, description="Only so many messages, the newest, and the notes in them")
    ] = None,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_SEQ, description="Only what stands before this `seq`")] = None,
) -> Part:
    return Part(last, before)


Wanted = Annotated[Part, Depends(_part)]


@dataclass(frozen=True)
class _Desk:
    """What the routes work with."""

    store: Store
    words: Words
    agents: Agents
    roster: Roster
    ready: Canned
    files_url: str

    async def shown(self, handoff: Handoff) -> models.HandoffOut:
        """The handoff as everybody sees it now."""
        return models.HandoffOut.of(await self.store.read(views.one_handoff, handoff.id))


def router(store: Store, words: Words, agents: Agents, roster: Roster, ready: Canned, files_url: str = "") -> APIRouter:
    """All routes below `/v1` that need an agent's token."""

    def who_asks(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> None:
        agent = agents.of_token(credentials.credentials) if credentials else None
        if agent is None:
            raise HTTPException(401, "An agent's token is needed.", {"WWW-Authenticate": "Bearer"})
        request.state.agent = agent

    # Every route asks who it is, also one that forgets to: there is no way to a conversation past this.
    routes = APIRouter(prefix="/v1", responses=EVERYWHERE, dependencies=[Depends(who_asks)])
    desk = _Desk(store, words, agents, roster, ready, files_url)
    for add in (_add_reading, _add_writing, _add_holding, _add_attending, _add_judging, _add_people):
        add(routes, desk)
    return routes


def _add_reading(routes: APIRouter, desk: _Desk) -> None:
    """What stands on the desk."""
    store = desk.store

    @routes.get("/handoffs", response_model=models.HandoffsOut)
    async def list_handoffs(
        me: Me,
        status: Annotated[Status | None, Query()] = None,
        limit: Annotated[int | None, Query(ge=1, le=LONGEST_LIST)] = None,
        search: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    ) -> models.HandoffsOut:
        """In the order in which they should be taken; with `search`, those of a case code or customer id instead."""
        if search is not None:
            found = await store.read(views.search, search, limit or views.MOST_FOUND)
            fitting = [view for view in found if status in (None, view.handoff.status)]
            return models.HandoffsOut(handoffs=[models.HandoffOut.of(view) for view in fitting])
        listed = await store.read(views.handoff_list, status, limit)
        return models.HandoffsOut(handoffs=[models.HandoffOut.of(view) for view in listed])

    @routes.get("/handoffs/{handoff_id}", response_model=models.CaseOut)
    async def show_handoff(me: Me, handoff_id: str, part: Wanted) -> Response:
        """With the whole transcript; with `last` or `before` a part of it, and `has_earlier`."""
        seen = await store.read(views.handoff_case, handoff_id, part)
        await store.run(audit.record_reading, me, f"handoff:{handoff_id}")
        return _json(case_json.handoff_case(*seen, part, desk.files_url))

    @routes.get("/handoffs/{handoff_id}/canned", response_model=models.CannedListOut)
    async def list_canned(me: Me, handoff_id: str) -> models.CannedListOut:
        """Ready replies of its team, filled in, in the language of the conversation; sent like any other reply."""
        found = await store.read(canned.for_handoff, desk.ready, handoff_id, me)
        return models.CannedListOut(canned=[models.CannedOut.of(each) for each in found])

    @routes.get("/conversations/{conversation_id}", response_model=models.ConversationOut)
    async def show_conversation(me: Me, conversation_id: str, part: Wanted) -> Response:
        """With the whole transcript; with `last` or `before` a part of it, and `has_earlier`."""
        seen = await store.read(views.case, conversation_id, part)
        await store.run(audit.record_reading, me, f"conversation:{conversation_id}")
        return _json(case_json.conversation_case(seen, part, desk.files_url))


def _json(written: bytes) -> Response:
    return Response(written, media_type="application/json")


def _add_writing(routes: APIRouter, desk: _Desk) -> None:
    """To the customer, and beside the conversation."""
    store = desk.store

    @routes.post("/handoffs/{handoff_id}/messages", response_model=models.MessageOut, responses=REFUSED)
    async def reply(me: Me, handoff_id: str, body: models.ReplyIn) -> models.MessageOut:
        return models.MessageOut.of(await store.run(replies.reply, handoff_id, me, body.text, body.id), desk.files_url)

    @routes.patch("/handoffs/{handoff_id}/messages/{seq}", response_model=models.MessageOut, responses=REFUSED)
    async def correct(me: Me, handoff_id: str, seq: int, body: models.TextIn) -> models.MessageOut:
        return models.MessageOut.of(await store.run(replies.correct, handoff_id, me, seq, body.text), desk.files_url)

    @routes.delete("/handoffs/{handoff_id}/messages/{seq}", status_code=204, responses=REFUSED)
    async def take_back(me: Me, handoff_id: str, seq: int) -> Response:
        await store.run(replies.take_back, handoff_id, me, seq)
        return Response(status_code=204)

    @routes.post("/handoffs/{handoff_id}/notes", response_model=models.MessageOut, responses=REFUSED)
    async def note(me: Me, handoff_id: str, body: models.NoteIn) -> models.MessageOut:
        return models.MessageOut.of_note(await store.run(replies.note, handoff_id, me, body.text, body.id))


def _add_holding(routes: APIRouter, desk: _Desk) -> None:
    """Who has it, from the first press to the end."""
    store, words, shown = desk.store, desk.words, desk.shown

    @routes.post("/handoffs/{handoff_id}/claim", response_model=models.HandoffOut, responses=REFUSED)
    async def claim(me: Me, handoff_id: str) -> models.HandoffOut:
        return await shown(await store.run(handoffs.claim, words, handoff_id, me))

    @routes.post("/handoffs/{handoff_id}/transfer", response_model=models.HandoffOut, responses=REFUSED)
    async def transfer(me: Me, handoff_id: str, body: models.TransferIn) -> models.HandoffOut:
        if body.agent is not None:
            receiver = desk.agents.named(body.agent)
            return await shown(await store.run(handoffs.transfer_to_agent, words, handoff_id, me, receiver))
        return await shown(await store.run(handoffs.transfer_to_team, words, handoff_id, me, body.team or ""))

    @routes.post("/handoffs/{handoff_id}/release", response_model=models.HandoffOut, responses=REFUSED)
    async def release(me: Me, handoff_id: str) -> models.HandoffOut:
        return await shown(await store.run(handoffs.release, words, handoff_id, me))

    @routes.post("/handoffs/{handoff_id}/resolve", response_model=models.HandoffOut, responses=REFUSED)
    async def resolve(me: Me, handoff_id: str, body: models.ResolveIn | None = None) -> models.HandoffOut:
        ending = body or models.ResolveIn()
        how = (ending.outcome, ending.topic, ending.note, ending.promised)
        return await shown(await store.run(handoffs.resolve, words, handoff_id, me, *how))

    @routes.post("/handoffs/{handoff_id}/give-back", response_model=models.HandoffOut, responses=REFUSED)
    async def give_back(me: Me, handoff_id: str) -> models.HandoffOut:
        """What is left is routine: it ends as solved, and the assistant answers what the customer wrote last."""
        return await shown(await store.run(giving_back.give_back, words, handoff_id, me))

    @routes.post("/handoffs/{handoff_id}/reopen", response_model=models.HandoffOut, responses=REFUSED)
    async def reopen(me: Me, handoff_id: str) -> models.HandoffOut:
        return await shown(await store.run(handoffs.reopen, words, handoff_id, me))


def _add_attending(routes: APIRouter, desk: _Desk) -> None:
    """What is promised, laid aside or paused."""
    store, words, shown = desk.store, desk.words, desk.shown

    @routes.post("/handoffs/{handoff_id}/promise/kept", response_model=models.HandoffOut, responses=REFUSED)
    async def keep_promise(me: Me, handoff_id: str) -> models.HandoffOut:
        """What was promised at its end is done."""
        await store.run(promises.keep, handoff_id, me)
        return models.HandoffOut.of(await store.read(views.one_handoff, handoff_id))

    @routes.post("/handoffs/{handoff_id}/snooze", response_model=models.HandoffOut, responses=REFUSED)
    async def snooze(me: Me, handoff_id: str, body: models.SnoozeIn) -> models.HandoffOut:
        """Lay it aside until then or until the customer writes, whichever comes first; by its holder."""
        return await shown(await store.run(snoozing.snooze, handoff_id, me, body.until))

    @routes.delete("/handoffs/{handoff_id}/snooze", response_model=models.HandoffOut, responses=REFUSED)
    async def wake(me: Me, handoff_id: str) -> models.HandoffOut:
        """Go on with it now."""
        return await shown(await store.run(snoozing.wake_early, handoff_id, me))

    @routes.post("/handoffs/{handoff_id}/unpause", response_model=models.HandoffOut)
    async def unpause(me: Me, handoff_id: str) -> models.HandoffOut:
        """End the pause that the customer was put on for abuse."""
        return await shown(await store.run(handoffs.unpause, words, handoff_id, me))

    @routes.delete("/conversations/{conversation_id}/pause", status_code=204)
    async def lift_pause(me: Me, conversation_id: str) -> Response:
        """The same for a conversation that has no handoff."""
        await store.run(pauses.lift, words, conversation_id, me)
        return Response(status_code=204)


def _add_judging(routes: APIRouter, desk: _Desk) -> None:
    """Whether a handoff came in time."""
    store, shown = desk.store, desk.shown

    @routes.post("/handoffs/{handoff_id}/verdict", response_model=models.HandoffOut, responses=REFUSED)
    async def judge(me: Me, handoff_id: str, body: models.VerdictIn) -> models.HandoffOut:
        return await shown(await store.run(verdicts.judge, handoff_id, me, body.verdict))

    @routes.get("/verdicts", response_class=PlainTextResponse, responses=FORBIDDEN)
    async def list_verdicts(me: Me, since: Annotated[datetime | None, Query()] = None) -> PlainTextResponse:
        """For supervisors: the conversations that agents judged, as YAML for trainers, without personal data."""
        if not me.supervisor:
            raise HTTPException(403, "Only supervisors may read this.")
        written = as_yaml(await store.read(verdicts.judged, since))
        await store.run(audit.record, me, audit.Action.EXPORTED, "verdicts")
        return PlainTextResponse(written, media_type="application/yaml")


def _add_people(routes: APIRouter, desk: _Desk) -> None:
    """Who is there."""
    store = desk.store

    @routes.get("/agents", response_model=models.AgentsOut)
    async def list_agents(me: Me) -> models.AgentsOut:
        """Who a handoff can be passed on to, and who is there."""
        seen = await store.read(staffing.colleagues)
        present = [models.ColleagueOut.of(colleague) for colleague in seen]
        return models.AgentsOut(agents=desk.agents.names(), teams=list(desk.roster.teams), present=present)

    @routes.patch("/agents/{name}", response_model=models.ColleagueOut, responses=FORBIDDEN)
    async def change_agent(me: Me, name: str, body: models.AvailabilityIn) -> models.ColleagueOut:
        """Say whether somebody is available: oneself, or as a supervisor anybody."""
        if name != me.name and not me.supervisor:
            raise HTTPException(403, "Only they themselves or a supervisor may say so.")
        agent = me if name == me.name else desk.agents.named(name)
        await store.run(staffing.set_availability, agent, body.availability)
        seen = await store.read(staffing.colleagues)
        return next(models.ColleagueOut.of(colleague) for colleague in seen if colleague.name == name)
