"""Calls of Slack's Web API, each with a time-out and an outcome that says what the caller must do."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import urlparse
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handoff_service.crash_points import reached
from handoff_service.observability import instruments, tracing

TIMEOUT = 10.0  # seconds a call may take
UPLOAD_TIMEOUT = 60.0
IDLE_CONNECTION = 5.0  # seconds; an older one may be closed at the other end just as it is used
DEFAULT_RETRY_AFTER = 5.0
LONGEST_RETRY_AFTER = 300.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
AS_FORM = frozenset(
    {"conversations.replies", "conversations.history", "conversations.members", "users.info", "files.info"}
    | {"files.getUploadURLExternal"}
)  # methods that ignore JSON bodies
UNDECIDED = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
DESK_IS_WRONG = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "token_revoked", "token_expired", "invalid_auth"}
    | {"not_authed", "account_inactive", "missing_scope", "no_permission", "restricted_action", "access_denied"}
    | {"org_login_required", "ekm_access_denied", "team_access_not_granted", "not_allowed_token_type"}
)  # no call will do better until somebody mends the settings, the token or the channel

Json = dict[str, Any]


class SlackTrouble(Exception):
    """A call that did not go well."""


class NotSent(SlackTrouble):
    """Slack was not reached: surely nothing happened."""


class Limited(SlackTrouble):
    """Too fast: surely nothing happened; again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Unknown(SlackTrouble):
    """The answer was lost: it may have happened or not, or may happen still."""


class Refused(SlackTrouble):
    """Slack said no: surely nothing happened."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error

    @property
    def is_permanent(self) -> bool:
        """Whether somebody must mend the desk before any call can succeed."""
        return self.error in DESK_IS_WRONG


OUTCOMES = {NotSent: "not_sent", Limited: "limited", Unknown: "unknown", Refused: "refused"}


class SlackApi:
    """One workspace's Web API, with the bot's token."""

    def __init__(self, token: str, base_url: str | None = None) -> None:
        quiet = logging.getLogger("relevo.slack_sdk")  # its debug lines hold bodies, its errors hold addresses
        quiet.setLevel(logging.CRITICAL)
        self.token = token
        self.client = AsyncWebClient(token, logger=quiet, retry_handlers=[])
        if base_url:
            self.client.base_url = base_url.rstrip("/") + "/"
        self.host = urlparse(self.client.base_url).hostname or ""
        if self.host in LOOPBACK or proxy_bypass(self.host):
            self.client.proxy = None
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Once, inside the loop."""
        connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_CONNECTION)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        self.client.session = self._session

    async def close(self) -> None:
        """At the end."""
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, **arguments: Any) -> Json:
        """The answer of a method; raises one of the troubles above and nothing else."""
        given = {name: value for name, value in arguments.items() if value is not None}
        body: Json = {"data": _form(given)} if method in AS_FORM else {"json": given}
        reached("before call", method)
        try:
            with tracing.span("slack", method=method):
                answer = await self._call(method, body)
        except SlackTrouble as trouble:
            instruments.slack_calls.labels(method, OUTCOMES[type(trouble)]).inc()
            raise
        reached("after call", method)
        instruments.slack_calls.labels(method, "ok").inc()
        return answer

    async def _call(self, method: str, body: Json) -> Json:
        try:
            answer = await self.client.api_call(method, **body)
        except SlackApiError as error:
            raise _trouble(error.response) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NotSent("unreachable") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unknown(type(error).__name__) from None
        return answer.data if isinstance(answer.data, dict) else {}

    async def download(self, url: str, most: int) -> bytes | None:
        """A file's bytes, fetched with the bot's token; None if it is larger or not at Slack."""
        if not self._may_have_token(url) or self._session is None:
            return None
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with self._session.get(
                url, headers=headers, proxy=self.client.proxy, timeout=aiohttp.ClientTimeout(total=UPLOAD_TIMEOUT)
            ) as answer:
                if answer.status >= 500 or answer.status == 429:
                    raise NotSent(str(answer.status))
                if answer.status != 200 or answer.content_type == "text/html":
                    return None
                return await _at_most(answer, most)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotSent(type(error).__name__) from None

    async def upload(self, url: str, content: bytes) -> None:
        """Send a file's bytes to the address Slack gave for them."""
        if self._session is None:
            raise NotSent("closed")
        try:
            async with self._session.post(
                url, data=content, proxy=self.client.proxy, timeout=aiohttp.ClientTimeout(total=UPLOAD_TIMEOUT)
            ) as answer:
                if answer.status != 200:
                    raise NotSent(str(answer.status))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotSent(type(error).__name__) from None

    async def respond(self, url: str, body: Json) -> None:
        """Answer by an interaction's `response_url`, as far as that still works."""
        if self._session is None or not self._is_slacks(url):
            return
        try:
            async with self._session.post(url, json=body, proxy=self.client.proxy):
                pass
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise NotSent("response_url") from None

    def _may_have_token(self, url: str) -> bool:
        return self._is_slacks(url)

    def _is_slacks(self, url: str) -> bool:
        """Slack's own hosts, or the host of another Web API that was set."""
        address = urlparse(url)
        host = address.hostname or ""
        if host == self.host:
            return True
        return address.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


async def _at_most(answer: aiohttp.ClientResponse, most: int) -> bytes | None:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        content += chunk
        if len(content) > most:
            return None
        await asyncio.sleep(0)
    return bytes(content)


def _form(arguments: Json) -> dict[str, str]:
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in arguments.items()
    }


def _trouble(response: Any) -> SlackTrouble:
    """What an answer other than yes means; Slack's errors are words, a failing proxy's are pages."""
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    error = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return Limited(_seconds(headers.get("Retry-After")))
    if status >= 500 or not error or error in UNDECIDED:
        return Unknown(error or f"status {status}")
    return Refused(error)


def _seconds(told: str | None) -> float:
    try:
        return min(max(float(told or ""), 0.1), LONGEST_RETRY_AFTER)
    except ValueError:
        return DEFAULT_RETRY_AFTER
