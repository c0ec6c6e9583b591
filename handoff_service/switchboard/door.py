"""The way to the assistant: one idempotent call per turn, asked again until it answers or the time is up."""

from __future__ import annotations

import asyncio
import http
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jwt
import structlog
from pydantic import BaseModel, Field, ValidationError, field_validator

from handoff_service.crash_points import reached
from handoff_service.observability import tracing
from handoff_service.settings import Settings
from handoff_service.switchboard import data_orders, verification
from handoff_service.switchboard.answers import Answer, Document, PauseAdvised, Said, Understood
from handoff_service.switchboard.conversations import Identity
from handoff_service.switchboard.data_orders import DataOrder
from handoff_service.switchboard.rules.handoff import Priority, Reason
from handoff_service.switchboard.suggestions import Foreseen, Question
from handoff_service.switchboard.turns import Turn

VERIFICATION_LIFE = timedelta(minutes=2)
PAUSE_BETWEEN_TRIES = 0.3  # seconds
HEALTH_TIMEOUT = 1.0  # seconds
UNDERSTANDING_TIMEOUT = 4.0  # seconds
MOST_CONNECTIONS = 200
KEPT_OPEN = 4.0  # seconds without use; servers close after five, and a call must not meet that

log = structlog.get_logger()


class AssistantFailed(Exception):
    """No whole answer came in time."""


class _Button(BaseModel):
    title: str
    payload: str


class _Attachment(BaseModel):
    name: str
    mime: str
    ref: str


class _Message(BaseModel):
    text: str
    buttons: list[_Button] = []
    attachments: list[_Attachment] = []

    def as_said(self) -> Said:
        documents = tuple(Document(**a.model_dump()) for a in self.attachments)
        return Said(self.text, tuple(b.model_dump() for b in self.buttons), documents)


class _Nlu(BaseModel):
    intent: str | None
    confidence: float | None


class _Handoff(BaseModel):
    reason: Reason
    signals: list[dict[str, Any]] = []
    priority: Priority | None = None

    @field_validator("priority", mode="before")
    @classmethod
    def _by_reason_where_unknown(cls, told: Any) -> Any:
        return told if told in list(Priority) else None


class _Pause(BaseModel):
    seconds: float = Field(gt=0, allow_inf_nan=False)
    signals: list[dict[str, Any]] = []


class _Reply(BaseModel):
    """The door's answer, as docs/protocols.md has it."""

    turn_id: str
    messages: list[_Message]
    language: str
    nlu: _Nlu | None
    frustration: float | None
    handoff: _Handoff | None
    verified: str | None = None
    abuse: float | None = None
    pause: _Pause | None = None
    order: str | None = None

    def as_answer(self, verified: Identity | None, order: DataOrder | None) -> Answer:
        nlu = self.nlu or _Nlu(intent=None, confidence=None)
        return Answer(
            said=tuple(message.as_said() for message in self.messages),
            language=self.language,
            understood=Understood(nlu.intent, nlu.confidence, self.frustration, self.abuse),
            handoff=self.handoff.reason if self.handoff else None,
            signals=self.handoff.signals if self.handoff else [],
            verified=verified,
            priority=self.handoff.priority if self.handoff else None,
            pause=PauseAdvised(self.pause.seconds, self.pause.signals) if self.pause else None,
            order=order,
        )


class _Foreseen(BaseModel):
    """What the door tells of a message that is only to be understood."""

    nlu: _Nlu
    routine: bool
    answer: str | None


class Door:
    """The client of the door in `bot/`."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.relevo_secret.get_secret_value()
        self._operator = settings.operator_name
        self._url = f"{settings.rasa_url}/webhooks/relevo"
        self._session: aiohttp.ClientSession | None = None

    @property
    def _http(self) -> aiohttp.ClientSession:
        """Opened at the first call, since it belongs to the loop that runs then."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {self._secret}"},
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEPT_OPEN),
                timeout=aiohttp.ClientTimeout(None),
                raise_for_status=True,
            )
        return self._session

    async def ask(self, turn: Turn) -> Answer:
        """The assistant's answer, before the turn's deadline; raises `AssistantFailed`.

        Trying again is safe: the turn's id makes the door give the recorded answer.
        """
        while (left := (turn.deadline_at - datetime.now(UTC)).total_seconds()) > 0:
            try:
                async with asyncio.timeout(left):
                    return await self._ask_once(turn)
            except (aiohttp.ClientError, ValidationError, ValueError, TimeoutError) as error:
                log.warning("turn_try_failed", turn_id=turn.id, error=_kind(error))
                await asyncio.sleep(min(PAUSE_BETWEEN_TRIES, max(left, 0)))
        raise AssistantFailed

    async def _ask_once(self, turn: Turn) -> Answer:
        reached("before call", "assistant")
        with tracing.span("door", turn_id=turn.id):
            asked = self._request(turn)
            told = await self._post("turn", asked, tracing.headers())
        reached("after call", "assistant")
        reply = _Reply.model_validate_json(told)
        if reply.turn_id != turn.id or not (reply.messages or reply.handoff or reply.pause):
            raise ValueError("an answer to nothing, or of nothing")
        return reply.as_answer(self._read_proof(reply, turn), self._read_order(reply, turn))

    def _read_proof(self, reply: _Reply, turn: Turn) -> Identity | None:
        """Who the customer proved to be in this turn; what doesn't hold proves nothing, and the answer stands."""
        if reply.verified is None:
            return None
        try:
            return verification.read_proof(reply.verified, self._secret, turn.conversation_id, turn.id)
        except verification.ProofRefused:
            log.warning("proof_refused", turn_id=turn.id, conversation_id=turn.conversation_id)
            return None

    def _read_order(self, reply: _Reply, turn: Turn) -> DataOrder | None:
        """What the customer has done with their data; one that doesn't hold fails the turn, which promises the deed."""
        if reply.order is None:
            return None
        try:
            return data_orders.read_order(reply.order, self._secret, turn.conversation_id, turn.id)
        except verification.ProofRefused:
            log.warning("order_refused", turn_id=turn.id, conversation_id=turn.conversation_id)
            raise ValueError("an order that does not hold") from None

    async def _post(self, path: str, asked: dict[str, Any], headers: Mapping[str, str] | None = None) -> bytes:
        """The answer's body; no other place than the door itself is asked."""
        async with self._http.post(
            f"{self._url}/{path}", json=asked, headers=headers, allow_redirects=False
        ) as response:
            return await response.read()

    def _request(self, turn: Turn) -> dict[str, Any]:
        return {
            "turn_id": turn.id,
            "conversation_id": turn.conversation_id,
            "channel": turn.channel,
            "text": turn.text,
            "payload": turn.payload,
            "language": turn.language,
            "operator": self._operator,
            "customer": {"name": turn.customer_name},
            "verification": self._verification(turn),
            "cases": [
                {
                    "code": c.code,
                    "status": c.status,
                    "opened_at": c.opened_at.isoformat(),
                    "topic": c.topic,
                    "promise": c.promise,
                    "promised_for": c.promised_for.isoformat() if c.promised_for else None,
                }
                for c in turn.cases
            ],
        }

    def _verification(self, turn: Turn) -> str | None:
        """A token the action server believes: who this is, for this turn only."""
        if turn.verified_customer is None:
            return None
        claims = {
            "aud": "relevo-actions",
            "sub": turn.verified_customer,
            "cid": turn.conversation_id,
            "tid": turn.id,
            "exp": datetime.now(UTC) + VERIFICATION_LIFE,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    async def understand(self, question: Question) -> Foreseen:
        """What the assistant would answer; nothing comes of asking. Raises `AssistantFailed`."""
        asked = {
            "conversation_id": question.conversation_id,
            "channel": question.channel,
            "text": question.text,
            "language": question.language,
            "operator": self._operator,
            "customer": {"name": question.customer_name},
        }
        try:
            async with asyncio.timeout(UNDERSTANDING_TIMEOUT):
                told = _Foreseen.model_validate_json(await self._post("understand", asked))
        except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
            raise AssistantFailed from error
        return Foreseen(told.nlu.intent, told.nlu.confidence, told.routine, told.answer)

    async def is_open(self) -> bool:
        """Whether the assistant has a model and answers."""
        try:
            async with (
                asyncio.timeout(HEALTH_TIMEOUT),
                self._http.get(f"{self._url}/health", allow_redirects=False) as response,
            ):
                return response.status == http.HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()


def _kind(error: Exception) -> str:
    """What went wrong, without a word of what was said."""
    if isinstance(error, aiohttp.ClientResponseError):
        return f"status {error.status}"
    return type(error).__name__
