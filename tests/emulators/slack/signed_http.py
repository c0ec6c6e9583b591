"""Signed HTTP in place of Socket Mode: Slack posts events, interactions and commands to the app's URLs."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from .delivery import Outcome, Parcel
from .workspace import Workspace

Json = dict[str, Any]
PATHS = {
    "events_api": "/slack/events",
    "interactive": "/slack/interactivity",
    "slash_commands": "/slack/commands",
}
HTTP_REASONS = {"timeout": "http_timeout"}


class SignedHttp:
    """The transport over HTTP. What is not answered with 200 in time has failed."""

    def __init__(self, ws: Workspace, base_url: str, signing_secret: str, paths: dict[str, str] | None = None) -> None:
        self._ws, self._base, self._secret = ws, base_url.rstrip("/"), signing_secret
        self._paths = PATHS | (paths or {})

    async def verify(self) -> bool:
        """Ask the events URL to prove itself, as Slack does before it sends anything."""
        challenge = self._ws.ids.token(40)
        body = {"token": self._ws.app.verification_token, "challenge": challenge, "type": "url_verification"}
        status, _, text = await self._post("events_api", json.dumps(body).encode(), "application/json", {})
        answered = text.strip()
        if answered.startswith("{"):
            answered = str(json.loads(answered).get("challenge", ""))
        return status == 200 and answered == challenge

    async def bring(self, parcel: Parcel) -> Outcome:
        extra: dict[str, str] = {}
        if parcel.retry_attempt:
            reason = HTTP_REASONS.get(parcel.retry_reason, parcel.retry_reason)
            extra = {"X-Slack-Retry-Num": str(parcel.retry_attempt), "X-Slack-Retry-Reason": reason}
        body, content_type = _body(parcel)
        try:
            status, headers, text = await self._post(parcel.family, body, content_type, extra)
        except TimeoutError:
            return Outcome(False, "http_timeout", connection=self._base)
        except aiohttp.ClientError:
            return Outcome(False, "connection_failed", connection=self._base)
        if status != 200:
            no_retry = headers.get("X-Slack-No-Retry") == "1"
            return Outcome(False, "http_error", no_retry=no_retry, connection=self._base)
        return Outcome(True, response=_parsed(text, headers.get("Content-Type", "")), connection=self._base)

    async def _post(
        self, family: str, body: bytes, content_type: str, extra: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        headers = signed_headers(self._secret, body) | {"Content-Type": content_type} | extra
        limit = aiohttp.ClientTimeout(total=self._ws.settings.ack_seconds)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(self._base + self._paths[family], data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, dict(answer.headers), await answer.text()


def signed_headers(secret: str, body: bytes, at: int | None = None) -> dict[str, str]:
    """Slack's signature of this body; `at` sets the time it claims to be sent."""
    moment = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.family == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    form = parcel.payload if parcel.family == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _parsed(text: str, content_type: str) -> Any:
    if not text:
        return None
    if "json" in content_type:
        try:
            return json.loads(text)
        except ValueError:
            return None
    return text
