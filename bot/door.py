"""The door: the only way into Rasa. It lets in the switchboard, one turn at a time, and tells it the truth."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable
from hmac import compare_digest
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.action_results import check_with_prepared_schema
from bot.action_server import ActionFailedError, ActionServer, go_on_with_trace
from bot.foreseeing import foresee
from bot.memory import Memory
from bot.payload import UnknownPayloadError
from bot.protocol import MalformedRequestError, Turn
from bot.settings import MisconfiguredError, Settings, checked_secret
from bot.turns import TURN_SECONDS, OtherConversationError, Turns, TurnTooSlowError

logger = logging.getLogger(__name__)
LARGEST_REQUEST = 128 * 1024


class Door(InputChannel):
    """Rasa's input channel for the switchboard, at /webhooks/relevo."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, which is also its place under /webhooks."""
        return "relevo"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Door:
        """Build the door from credentials.yml; without a proper secret Rasa doesn't start."""
        try:
            return cls(checked_secret((credentials or {}).get("secret")))
        except MisconfiguredError as error:
            raise RasaException(str(error)) from error

    def __init__(self, secret: str) -> None:
        """Open to those who know the secret."""
        self._secret = secret
        self._turns: Turns | None = None
        self._actions = ActionServer(f"{Settings.from_environment().actions_url}/webhook", secret)

    def blueprint(self, on_new_message: Callable[..., Any]) -> Blueprint:
        """The routes of the protocol. Rasa's own way of handling messages is not used: it swallows failures."""
        blueprint = Blueprint("relevo_door")
        blueprint.listener("before_server_start")(_set_limits)
        blueprint.listener("after_server_start")(self._furnish)
        blueprint.listener("after_server_stop")(self._close)

        @blueprint.get("/health")  # functions, since Sanic hangs attributes on its handlers
        async def health(request: Request) -> HTTPResponse:
            return await self._health(request)

        @blueprint.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request)

        @blueprint.post("/understand")
        async def understand(request: Request) -> HTTPResponse:
            return await self._understand(request)

        @blueprint.delete("/conversations/<conversation_id>")
        async def forget(request: Request, conversation_id: str) -> HTTPResponse:
            return await self._forget(request, conversation_id)

        return blueprint

    async def _furnish(self, app: Sanic, _: Any) -> None:
        """Give Rasa our memory without the wrapper that loses conversations, and our way to the actions."""
        agent: Agent = app.ctx.agent
        memory = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
        if not isinstance(memory, Memory):
            raise MisconfiguredError("endpoints.yml must name bot.memory.Memory as the tracker_store")
        agent.tracker_store = memory
        agent.action_endpoint = self._actions
        if agent.processor is not None:
            agent.processor.tracker_store = memory
            agent.processor.action_endpoint = self._actions
        check_with_prepared_schema()
        self._turns = Turns(memory)

    async def _close(self, app: Sanic, _: Any) -> None:
        await self._actions.close()

    async def _health(self, request: Request) -> HTTPResponse:
        if not self._is_known(request):
            return _refusal(401, "unauthorized")
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        if self._turns is None or agent is None or agent.processor is None:
            return json_response({"status": "starting", "model": None}, status=503)
        return json_response({"status": "ok", "model": agent.processor.model_filename})

    async def _forget(self, request: Request, conversation_id: str) -> HTTPResponse:
        if not self._is_known(request):
            return _refusal(401, "unauthorized")
        if self._turns is None:
            return _refusal(503, "no model is loaded yet")
        try:
            return json_response({"forgotten": await self._turns.forget(conversation_id)})
        except Exception as error:  # as for a turn: the outermost place
            logger.error("forgetting a conversation: %s", _without_words(error))
            return _refusal(500, "not forgotten")

    async def _understand(self, request: Request) -> HTTPResponse:
        """What a message means and what would be answered; nothing is done about it, and nothing remembered."""
        if not self._is_known(request):
            return _refusal(401, "unauthorized")
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        if self._turns is None or agent is None or agent.processor is None:
            return _refusal(503, "no model is loaded yet")
        try:
            asked = Turn.to_understand(_body(request))
        except MalformedRequestError as error:
            return _refusal(422, str(error))
        try:
            return json_response((await foresee(agent.processor, asked)).as_json())
        except Exception as error:  # as for a turn: the outermost place
            logger.error("understanding a message: %s", _without_words(error))
            return _refusal(500, "not understood")

    async def _turn(self, request: Request) -> HTTPResponse:
        if not self._is_known(request):
            return _refusal(401, "unauthorized")
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        if self._turns is None or agent is None or agent.processor is None:
            return _refusal(503, "no model is loaded yet")
        try:
            turn = Turn.from_json(_body(request))
        except MalformedRequestError as error:
            return _refusal(422, str(error))
        go_on_with_trace(request.headers.get("traceparent"))
        began = time.monotonic()
        try:
            answer = json_response(await self._turns.take(agent.processor, turn))
            logger.info("turn %s: answered in %.0f ms", turn.turn_id, (time.monotonic() - began) * 1000)
            return answer
        except UnknownPayloadError as error:
            return _refusal(422, f"payload: {error}")
        except OtherConversationError:
            return _refusal(409, "the turn id belongs to another conversation")
        except ActionFailedError as error:
            logger.error("turn %s: an action failed (%s)", turn.turn_id, error)
            return _refusal(502, "an action failed")
        except TurnTooSlowError as error:
            logger.error("turn %s: %s", turn.turn_id, error)
            return _refusal(504, "the turn took too long")
        except Exception as error:  # the outermost place: nothing else may answer for a turn
            logger.error("turn %s: %s", turn.turn_id, _without_words(error))
            return _refusal(500, "the turn failed")

    def _is_known(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return compare_digest(given.encode(), f"Bearer {self._secret}".encode())


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise MalformedRequestError("the body must be JSON") from None


def _refusal(status: int, why: str) -> HTTPResponse:
    return json_response({"detail": why}, status=status)


def _without_words(error: BaseException) -> str:
    """Where an error happened and of what type it is, but not its message, which may quote the customer."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"


async def _set_limits(app: Sanic, _: Any) -> None:
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = TURN_SECONDS + 1.0  # a turn under way may end, nothing waits longer
