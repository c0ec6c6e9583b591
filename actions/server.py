"""The action server's HTTP side: who may call, how much they may send, and what an error may say."""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import zlib
from hmac import compare_digest
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from actions.account_action import Office
from actions.account_overview import account_overview
from actions.backend.calling import time_budget, within_time
from actions.backend.demo.texts import DemoTexts
from actions.backend.interface import Backend, BackendUnavailableError
from actions.backend.opening import open_backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.catalogue import all_actions
from actions.data_requests import complaints_open
from actions.documents.invoice import MIME
from actions.documents.invoices import Invoices, NoSuchBillError
from actions.documents.references import ReferenceRefusedError, References
from actions.identification.challenges import Challenges
from actions.identification.identification import Identification
from actions.identification.rules import Key
from actions.identification.text_message import TextMessage
from actions.identity import Identity
from actions.settings import Settings

logger = logging.getLogger(__name__)

_TURN_ID = re.compile(r"^[\w-]{1,80}$")
LARGEST_REQUEST_BYTES = 4 * 1024 * 1024
SECONDS_TO_FINISH_WHEN_TOLD_TO_END = 3


class MalformedCallError(Exception):
    """The body is no call of an action."""


class CallTooLargeError(Exception):
    """The body is larger than a conversation can be."""


def build_app(settings: Settings) -> Sanic:
    """All that the action server offers, to whoever knows the secret; raises what a wrong setting raises."""
    backend = open_backend(settings)
    challenges = Challenges(settings.identification_database, Key.from_secret(settings.secret))
    identification = Identification(backend, challenges, TextMessage.from_topic())
    references = References(settings.secret)
    office = Office(backend, Identity(settings.secret), settings.today, identification, references)
    executor = ActionExecutor()
    for action in all_actions(office):
        executor.register_action(action)

    app = Sanic("relevo_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SECONDS_TO_FINISH_WHEN_TOLD_TO_END
    app.config.ACCESS_LOG = False
    _guard(app, f"Bearer {settings.secret}".encode())
    _answer_failures(app)
    _offer_health(app, backend)
    _offer_customers(app, backend)
    _offer_documents(app, Invoices(backend, references, settings.operator))
    _offer_actions(app, executor)
    if settings.shows_texts and isinstance(backend, EmbeddedBackend):
        _offer_demo_texts(app, backend.texts)
    return app


def _guard(app: Sanic, expected: bytes) -> None:
    @app.middleware("request")
    async def only_who_knows_the_secret(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        return None if compare_digest(given, expected) else _refusal(401, "unauthorized")


def _answer_failures(app: Sanic) -> None:
    @app.exception(SanicException)
    async def refused(_: Request, error: SanicException) -> HTTPResponse:
        return _refusal(getattr(error, "status_code", 500), type(error).__name__)

    @app.exception(BackendUnavailableError)
    async def without_backend(_request: Request, _error: BackendUnavailableError) -> HTTPResponse:
        return _refusal(503, "the backend is unavailable")

    @app.exception(Exception)
    async def failed(_: Request, error: Exception) -> HTTPResponse:
        logger.error("a call failed: %s", _without_words(error))
        return _refusal(500, "the call failed")


def _offer_health(app: Sanic, backend: Backend) -> None:
    @app.get("/alive")
    async def alive(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})  # whatever the backend does: starting this anew would not mend that

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        try:
            await within_time(backend.check)
        except BackendUnavailableError:
            return json_response({"status": "degraded", "backend": "unavailable"}, status=503)
        return json_response({"status": "ok", "backend": "ok"})


def _offer_customers(app: Sanic, backend: Backend) -> None:
    @app.post("/customers/by-phone")
    async def customer_by_phone(request: Request) -> HTTPResponse:
        phone = _asked(request).get("phone")
        if not isinstance(phone, str):
            return _refusal(422, "`phone` is needed")
        customer = await within_time(backend.customer_by_phone, phone)
        if customer is None:
            return _refusal(404, "nobody has this number")
        return json_response({"customer_id": customer.customer_id, "name": customer.name})

    @app.post("/customers/account")
    async def account(request: Request) -> HTTPResponse:
        customer_id = _asked(request).get("customer_id")
        if not isinstance(customer_id, str):
            return _refusal(422, "`customer_id` is needed")
        with time_budget():
            overview = await account_overview(backend, customer_id)
        return _refusal(404, "there is no such customer") if overview is None else json_response(overview)

    @app.post("/complaints/open")
    async def open_complaints(request: Request) -> HTTPResponse:
        """What must not be erased yet: the complaints of a customer, or of nobody known in these conversations."""
        asked = _asked(request)
        customer_id, conversations = asked.get("customer_id"), asked.get("conversations")
        if not isinstance(customer_id, (str, type(None))) or not isinstance(conversations, list):
            return _refusal(422, "`customer_id` and `conversations` are needed")
        with time_budget():
            codes = await complaints_open(backend, customer_id, [str(each) for each in conversations])
        return json_response({"codes": codes})


def _asked(request: Request) -> dict[str, Any]:
    """The body, {} where it is no object."""
    return request.json if isinstance(request.json, dict) else {}


def _offer_documents(app: Sanic, invoices: Invoices) -> None:
    @app.get("/documents/<ref:str>")
    async def document(request: Request, ref: str) -> HTTPResponse:
        try:
            with time_budget():
                content = await invoices.fetch(ref, request.args.get("conversation") or "")
        except (ReferenceRefusedError, NoSuchBillError):
            return _refusal(404, "there is no such document for this conversation")
        return HTTPResponse(content, content_type=MIME, headers={"Cache-Control": "no-store"})


def _offer_actions(app: Sanic, executor: ActionExecutor) -> None:
    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        try:
            call = _call_of(request)
        except MalformedCallError as error:
            return _refusal(422, str(error))
        except CallTooLargeError:
            return _refusal(413, "the call is too large")
        return await _run(executor, call)


def _offer_demo_texts(app: Sanic, texts: DemoTexts) -> None:
    @app.get("/demo/texts")
    async def demo_texts(_: Request) -> HTTPResponse:
        return json_response({"texts": [vars(text) for text in texts.newest_first()]})


async def _run(executor: ActionExecutor, call: dict[str, Any]) -> HTTPResponse:
    name = str(call["next_action"])
    turn_id = _turn_of(call)
    started = time.monotonic()
    try:
        with time_budget():
            result = await executor.run(call)
    except ActionExecutionRejection as rejection:
        return json_response({"error": "rejected", "action_name": rejection.action_name}, status=400)
    except ActionNotFoundException:
        return _refusal(404, "there is no such action", name)
    except BackendUnavailableError as error:
        logger.error("turn %s: %s failed: the backend is unavailable (%s)", turn_id, name, error)
        return _refusal(500, "the backend is unavailable", name)
    except Exception as error:  # the outermost place: whatever it was, the door must hear of a failure
        logger.error("turn %s: %s failed: %s", turn_id, name, _without_words(error))
        return _refusal(500, "the action failed", name)
    logger.info("turn %s: %s ran in %.0f ms", turn_id, name, (time.monotonic() - started) * 1000)
    return json_response(result)


def _call_of(request: Request) -> dict[str, Any]:
    """The call in the request's body, packed or not, of which the parts that are used have the right shape."""
    try:
        call = json.loads(_unpacked(request))
    except (ValueError, RecursionError, zlib.error):
        raise MalformedCallError("the body must be JSON") from None
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        raise MalformedCallError("next_action must be a string")
    tracker = call.get("tracker")
    if not isinstance(tracker, dict) or not isinstance(tracker.get("sender_id"), str):
        raise MalformedCallError("tracker must have a sender_id")
    if not isinstance(tracker.get("slots", {}), dict) or not isinstance(tracker.get("latest_message") or {}, dict):
        raise MalformedCallError("tracker has no slots or latest_message of the right shape")
    return call


def _turn_of(call: dict[str, Any]) -> str:
    """The id under which every process logs this turn; what is no id of ours is not written into a log."""
    metadata = (call["tracker"].get("latest_message") or {}).get("metadata")
    turn_id = metadata.get("turn_id") if isinstance(metadata, dict) else None
    return turn_id if isinstance(turn_id, str) and _TURN_ID.match(turn_id) else "-"


def _unpacked(request: Request) -> bytes:
    body: bytes = request.body
    if request.headers.get("content-encoding") != "deflate":
        return body
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(body, LARGEST_REQUEST_BYTES)
    if unpacking.unconsumed_tail:
        raise CallTooLargeError
    return unpacked


def _refusal(status: int, why: str, action_name: str | None = None) -> HTTPResponse:
    return json_response({"error": why, **({"action_name": action_name} if action_name else {})}, status=status)


def _without_words(error: BaseException) -> str:
    """What happened and where, without the error's message, which may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
