"""Tries the tokens for real and says of each finding what to do. `make doctor` shows what this prints as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import SecretStr

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.settings import Settings, SettingsAreWrong
from handoff_service.switchboard.rules.calendar import next_opening

TIMEOUT = 10.0  # seconds
CLOCK_TOLERANCE = 60.0  # seconds; Slack's signatures allow 300, and tokens expire by our clock
SLACK = "https://slack.com/api/"
BOT_SCOPES = frozenset(
    {"chat:write", "channels:history", "groups:history", "channels:read", "groups:read", "users:read"}
    | {"reactions:write", "files:read", "files:write", "commands"}
)
Json = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """A line of the report; `is_trouble` when a person has to do something."""

    state: str
    subject: str
    text: str = ""
    is_trouble: bool = False


def examine(settings: Settings) -> list[Json]:
    """What DESK_FILE says, and what the platforms say of the tokens; [] if none of them is set."""
    return [asdict(finding) for finding in (*_desk_file(settings), *asyncio.run(_examine(settings)))]


def _desk_file(settings: Settings) -> list[Finding]:
    """The file as the service reads it at its start."""
    if settings.desk_file is None:
        return []
    try:
        roster = load_desk_file(settings.desk_file)
    except SettingsAreWrong as error:
        return [Finding("wrong", "DESK_FILE", str(error), True)]
    now = datetime.now(UTC)
    findings = [Finding("ok", "DESK_FILE", f"{len(roster.teams)} teams, {len(roster.agents)} agents")]
    for team in roster.teams.values():
        opens_at = next_opening(team.calendar, now)
        if opens_at is None:
            findings.append(Finding("closed", f"team {team.name}", "never opens; look at its hours", True))
            continue
        when = opens_at.astimezone(team.calendar.timezone).strftime("%Y-%m-%d %H:%M")
        findings.append(Finding("ok", f"team {team.name}", "open now" if opens_at == now else f"opens {when}"))
    return findings


async def _examine(settings: Settings) -> list[Finding]:
    async with httpx.AsyncClient(timeout=TIMEOUT) as http:
        findings: list[Finding] = []
        if settings.telegram_is_on:
            findings += await _guarded("Telegram", _telegram(http, settings))
        if settings.slack_bot_token.get_secret_value():
            findings += await _guarded("Slack", _slack(http, settings))
        return findings


async def _guarded(platform: str, check: Any) -> list[Finding]:
    """A platform that can't be reached is a finding like any other."""
    try:
        return list(await check)
    except (httpx.HTTPError, ValueError) as error:
        what_to_do = "is there a way to the internet, and is the API address right?"
        return [Finding("no answer", platform, f"{type(error).__name__}: {what_to_do}", True)]


async def _telegram(http: httpx.AsyncClient, settings: Settings) -> Iterable[Finding]:
    base = settings.telegram_api_url + settings.telegram_bot_token.get_secret_value()
    response = await http.post(f"{base}/getMe")
    me: Json = response.json()
    if not me.get("ok"):
        return [
            Finding("refused", "TELEGRAM_BOT_TOKEN", "Telegram doesn't know it; copy it again from @BotFather", True)
        ]
    webhook: Json = (await http.post(f"{base}/getWebhookInfo")).json()["result"]
    return [
        Finding("ok", "TELEGRAM_BOT_TOKEN", f"bot @{me['result']['username']}"),
        _clock("clock against Telegram's", response),
        _webhook(webhook, settings.telegram_webhook_url),
    ]


def _webhook(info: Json, wanted: str) -> Finding:
    subject = "Telegram's webhook"
    if info.get("last_error_message") and wanted:
        return Finding("failing", subject, f"Telegram says: {info['last_error_message']}", True)
    if wanted:
        state = "ok" if info.get("url") == wanted else "later"
        return Finding(state, subject, "" if state == "ok" else "`make run` sets it")
    if info.get("url"):
        return Finding("later", subject, "one is set elsewhere; `make run` removes it and polls instead")
    return Finding("ok", subject, "none: the service polls")


def _clock(subject: str, response: httpx.Response) -> Finding:
    told = response.headers.get("date")
    if not told:
        return Finding("-", subject, "not told")
    off = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
    if off > CLOCK_TOLERANCE:
        return Finding("wrong", subject, f"{off:.0f} s apart; set this machine's clock (NTP)", True)
    return Finding("ok", subject, f"{off:.0f} s apart")


async def _slack(http: httpx.AsyncClient, settings: Settings) -> Iterable[Finding]:
    call = _SlackCalls(http, settings.slack_api_url or SLACK)
    response = await call("auth.test", settings.slack_bot_token)
    answer: Json = response.json()
    if not answer.get("ok"):
        text = f"Slack says {answer.get('error')}; copy the Bot User OAuth Token (xoxb-…) of the installed app again"
        return [Finding("refused", "SLACK_BOT_TOKEN", text, True)]
    return [
        Finding("ok", "SLACK_BOT_TOKEN", f"{answer.get('user')} in {answer.get('team')}"),
        _scopes(response),
        _clock("clock against Slack's", response),
        await _app_token(call, settings),
        *await _channel(call, settings),
    ]


@dataclass(frozen=True)
class _SlackCalls:
    http: httpx.AsyncClient
    base: str

    async def __call__(self, method: str, token: SecretStr, **arguments: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        return await self.http.post(f"{self.base.rstrip('/')}/{method}", headers=headers, data=arguments)


def _scopes(response: httpx.Response) -> Finding:
    granted = {scope.strip() for scope in response.headers.get("x-oauth-scopes", "").split(",")}
    missing = sorted(BOT_SCOPES - granted)
    if missing:
        text = (
            f"missing: {', '.join(missing)}; add them under OAuth & Permissions (or use slack/manifest.yml), reinstall"
        )
        return Finding("missing", "Slack's scopes", text, True)
    return Finding("ok", "Slack's scopes")


async def _app_token(call: _SlackCalls, settings: Settings) -> Finding:
    if not settings.slack_app_token.get_secret_value():
        return Finding("-", "SLACK_APP_TOKEN", "not set: the signed HTTP endpoints are used")
    answer: Json = (await call("apps.connections.open", settings.slack_app_token)).json()
    if answer.get("ok"):
        return Finding("ok", "SLACK_APP_TOKEN", "Socket Mode opens")
    text = f"Slack says {answer.get('error')}; make an app-level token with connections:write under Basic Information"
    return Finding("refused", "SLACK_APP_TOKEN", text, True)


async def _channel(call: _SlackCalls, settings: Settings) -> list[Finding]:
    channel, token = settings.slack_channel, settings.slack_bot_token
    info: Json = (await call("conversations.info", token, channel=channel)).json()
    if not info.get("ok"):
        text = f"Slack says {info.get('error')}; use the channel's ID (it ends its details) and /invite the bot"
        return [Finding("refused", "SLACK_CHANNEL", text, True)]
    if not info["channel"].get("is_member"):
        return [Finding("missing", "SLACK_CHANNEL", "the bot is no member: /invite it in the channel", True)]
    return [Finding("ok", "SLACK_CHANNEL", f"#{info['channel'].get('name')}"), await _threads(call, settings)]


async def _threads(call: _SlackCalls, settings: Settings) -> Finding:
    """Whether lost events can be read again from threads is told differently in Slack's own pages; so it is tried."""
    history: Json = (
        await call("conversations.history", settings.slack_bot_token, channel=settings.slack_channel, limit="1")
    ).json()
    newest = (history.get("messages") or [{}])[0].get("ts")
    if history.get("ok") and newest is None:
        return Finding("-", "Slack's threads", "the channel is empty; try again after the first message")
    answer = history
    if newest is not None:
        arguments = {"channel": settings.slack_channel, "ts": newest}
        answer = (await call("conversations.replies", settings.slack_bot_token, **arguments)).json()
    if answer.get("ok"):
        return Finding("ok", "Slack's threads", "can be read again after a gap")
    text = f"Slack says {answer.get('error')}: lines lost while Slack is away can't be read again"
    return Finding("refused", "Slack's threads", text, True)
