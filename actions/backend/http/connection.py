"""One request to the billing system and what its answer means: a whole answer in time, or an error that says which."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import httpx

from actions.backend.calling import TIME_LIMIT_S, seconds_left
from actions.backend.cases import Refusal, RequestRefusedError
from actions.backend.codec import MalformedFactError, decoded
from actions.backend.http.routes import Route
from actions.backend.interface import BackendUnavailableError, UnknownCustomerError

LARGEST_ANSWER_BYTES = 4 * 1024 * 1024
MOST_TRIES = 2
NOT_LET_IN = "the billing system refuses BACKEND_TOKEN"
UNKNOWN_CUSTOMER, REFUSED = "unknown_customer", "refused"

logger = logging.getLogger(__name__)


class Connection:
    """Keeps connections open between calls. Any thread may use it."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
            follow_redirects=False,
            trust_env=False,
        )

    def call(
        self, route: Route, path: str, query: Mapping[str, Any], body: Any = None, idempotency_key: str | None = None
    ) -> Any:
        """What the route gives. A reset is tried once more where that is safe, within the time for all of it."""
        deadline = time.monotonic() + seconds_left(TIME_LIMIT_S)
        headers = {"Idempotency-Key": idempotency_key} if route.is_keyed and idempotency_key else {}
        request = self._http.build_request(route.method, path, params=query or None, json=body, headers=headers)
        tries = MOST_TRIES if route.method == "GET" or headers else 1
        while True:
            tries -= 1
            try:
                status, content = self._send(request, deadline)
                return _meaning(route, status, content)
            except httpx.TransportError as error:
                if not tries or isinstance(error, httpx.TimeoutException):
                    raise BackendUnavailableError(f"no answer from BACKEND_URL ({type(error).__name__})") from None
            except httpx.HTTPError as error:
                raise BackendUnavailableError(type(error).__name__) from None

    def _send(self, request: httpx.Request, deadline: float) -> tuple[int, bytes]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise BackendUnavailableError("no time left")
        request.extensions["timeout"] = httpx.Timeout(left).as_dict()
        response = self._http.send(request, stream=True)
        content = bytearray()
        try:
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER_BYTES:
                    raise BackendUnavailableError("the answer is too large")
                if time.monotonic() > deadline:
                    raise BackendUnavailableError("the answer took too long")
        finally:
            response.close()
        return response.status_code, bytes(content)


def _meaning(route: Route, status: int, content: bytes) -> Any:
    if status in (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.NO_CONTENT):
        return None if route.gives is None else _fact(route.gives, content)
    if status == httpx.codes.NOT_FOUND and _error_of(content).get("error") == UNKNOWN_CUSTOMER:
        raise UnknownCustomerError
    if status == httpx.codes.UNPROCESSABLE_ENTITY and _error_of(content).get("error") == REFUSED:
        raise RequestRefusedError(_reason(_error_of(content).get("reason")))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        logger.error(NOT_LET_IN)
        raise BackendUnavailableError(NOT_LET_IN)
    raise BackendUnavailableError(f"{route.method} {route.path}: status {status}")


def _fact(kind: Any, content: bytes) -> Any:
    try:
        return decoded(kind, json.loads(content))
    except MalformedFactError as error:
        raise BackendUnavailableError(f"the answer is not as agreed: {error}") from None
    except (ValueError, RecursionError):
        raise BackendUnavailableError("the answer is no JSON") from None


def _reason(said: object) -> Refusal:
    try:
        return Refusal(said)
    except ValueError:
        raise BackendUnavailableError("refused for a reason that is not agreed") from None


def _error_of(content: bytes) -> Mapping[str, Any]:
    try:
        error = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return error if isinstance(error, dict) else {}
