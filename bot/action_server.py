"""The way to the action server: one kept-open session, a short time-out, and no failure unnoticed."""

from __future__ import annotations

import asyncio
import re
from contextvars import ContextVar
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

ACTION_SECONDS = 3.0
_REJECTED = 400  # by Rasa's protocol: the action declines to run, which is no failure

_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C trace context, version 00
_failures: ContextVar[list[str] | None] = ContextVar("action_failures", default=None)


def go_on_with_trace(traceparent: str | None) -> None:
    """From here on, this task's calls carry this W3C `traceparent`; what is none is not passed on."""
    _traceparent.set(traceparent if traceparent and _TRACEPARENT.fullmatch(traceparent) else None)


class ActionFailedError(Exception):
    """An action failed, or the action server is away."""


def watch_for_failures() -> list[str]:
    """From here on, note each failed call of this task in the list returned. Rasa itself swallows some of them."""
    failures: list[str] = []
    _failures.set(failures)
    return failures


class ActionServer(EndpointConfig):
    """Rasa's action endpoint, for turns in which a customer waits."""

    def __init__(self, url: str, secret: str) -> None:
        """Call actions at `url`, saying the shared secret."""
        # With a selective domain Rasa sends its domain only to actions that ask for it.
        super().__init__(url, headers={"Authorization": f"Bearer {secret}"}, enable_selective_domain=True)
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any | None:
        """Run an action within the time-out; whatever goes wrong is noted, then raised."""
        body: dict[str, Any] = kwargs.get("json") or {}
        try:
            return await self._post(body)
        except ClientResponseError as error:
            if error.status != _REJECTED:
                self._note(f"{body.get('next_action')}: status {error.status}")
            raise
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            self._note(f"{body.get('next_action')}: {type(error).__name__}")
            raise

    async def close(self) -> None:
        """Give the session back."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, body: dict[str, Any]) -> Any:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=ACTION_SECONDS, connect=1.0)
            self._session = aiohttp.ClientSession(headers=self.headers, timeout=timeout)
        traceparent = _traceparent.get()
        trace = {} if traceparent is None else {"traceparent": traceparent}
        async with self._session.post(self.url, json=body, headers=trace) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason or "", await response.text())
            return await response.json()

    @staticmethod
    def _note(failure: str) -> None:
        failures = _failures.get()
        if failures is not None:
            failures.append(failure)
