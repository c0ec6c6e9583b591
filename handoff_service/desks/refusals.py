"""How the API says no: each error of the switchboard with its status and a sentence."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from handoff_service.desks.agents import NoSuchAgent
from handoff_service.desks.models import AgentOut, RefusedOut
from handoff_service.store.database import StoreUnavailable
from handoff_service.switchboard.conversations import NoSuchConversation, StaleEpoch
from handoff_service.switchboard.handoffs import NoSuchHandoff, NoSuchTeam
from handoff_service.switchboard.notes import SameIdOtherText
from handoff_service.switchboard.promises import NoSuchPromise, PromiseRefused
from handoff_service.switchboard.replies import NoSuchMessage, NotYourMessage
from handoff_service.switchboard.rules.handoff import HandoffRefused
from handoff_service.switchboard.snoozing import NoTimeToSnooze

SENTENCES: dict[type[Exception], tuple[int, str]] = {
    NoSuchConversation: (404, "There is no such conversation."),
    NoSuchHandoff: (404, "There is no such handoff."),
    NoSuchMessage: (404, "There is no such message in this conversation."),
    NotYourMessage: (409, "Only who wrote a message may correct it or take it back."),
    SameIdOtherText: (409, "This id was used already, for other words."),
    StaleEpoch: (409, "The conversation changed hands meanwhile. Look at it again."),
    NoSuchTeam: (422, "There is no such team."),
    NoSuchAgent: (422, "Nobody of this name works here."),
    NoTimeToSnooze: (422, "That is no time to snooze until: it must be within the next 60 days."),
    NoSuchPromise: (409, "Nothing was promised here that isn't kept already."),
    PromiseRefused: (422, "A promise needs words, and its day, if any, lies between today and a year ahead."),
    StoreUnavailable: (503, "Nothing can be stored at the moment. Please try again."),
}


def install(app: FastAPI) -> None:
    """Let the app answer the switchboard's errors."""

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        held = error.held if isinstance(error, HandoffRefused) else None
        agent = AgentOut(name=held.agent, desk=held.desk or "console") if held and held.agent else None
        body = RefusedOut(detail=str(error), agent=agent)
        return JSONResponse(body.model_dump(), 409)

    async def said(_request: Request, error: Exception) -> JSONResponse:
        status, sentence = SENTENCES[type(error)]
        return JSONResponse({"detail": sentence}, status)

    app.add_exception_handler(HandoffRefused, refused)
    for kind in SENTENCES:
        app.add_exception_handler(kind, said)
