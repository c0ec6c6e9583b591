"""Slack over signed HTTP in place of sockets: who is believed, and the main job over it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.http import HTTP
from tests.emulators.slack import slack_process
from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)
SECRET = "the-signing-secret-of-a-test"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackDesk]:
    with slack_process() as workspace:
        running = SlackDesk(workspace, tmp_path_factory.mktemp("signed"), SLACK_SIGNING_SECRET=SECRET)
        try:
            running.start()
            assert workspace.use_http(running.service.url, SECRET)  # answers the challenge
            yield running
        finally:
            running.stop()


def _post(desk: SlackDesk, payload: Any, *, at: float = 0.0, secret: str = SECRET, path: str = "events") -> int:
    body = json.dumps(payload).encode()
    return _send(desk, body, body, at=at, secret=secret, path=path)


def _send(desk: SlackDesk, body: bytes, signed: bytes, *, at: float = 0.0, secret: str = SECRET, path: str) -> int:
    moment = str(int(time.time() + at))
    digest = hmac.new(secret.encode(), f"v0:{moment}:".encode() + signed, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}
    return HTTP.post(f"{desk.service.url}/slack/{path}", content=body, headers=headers, timeout=20).status_code


def _line(desk: SlackDesk, thread_ts: str, text: str, event_id: str, **more: Any) -> dict[str, Any]:
    ts = f"{time.time():.6f}"
    event = {"type": "message", "channel": desk.queue, "user": desk.ana, "text": text, "ts": ts, "thread_ts": thread_ts}
    team = desk.slack.team_id
    return {"type": "event_callback", "team_id": team, "event_id": event_id, "event": event, **more}


async def test_without_the_secret_there_is_nothing_there(desk: SlackDesk) -> None:
    for path in ("events", "interactivity", "commands"):
        assert _post(desk, {"type": "url_verification", "challenge": "c"}, path=path) == 404


async def test_the_main_job_works_over_http(signed: SlackDesk) -> None:
    async with signed.customer("Ximena") as case:
        card = await case.claimed(signed.ana)
        await case.writes(signed.ana, "por HTTP también")
        await case.widget.message("agent", "por HTTP también")
        assert await asyncio.to_thread(signed.slack.press, signed.ana, card, "handoff.resolve")
        form = await asyncio.to_thread(signed.slack.until_view, signed.ana)
        assert (await asyncio.to_thread(signed.slack.submit_view, signed.ana, form, {})).acknowledged
        await case.widget.owner("assistant")
        await case.card("Resuelta")


async def test_only_what_slack_signed_just_now_for_this_workspace_is_believed(signed: SlackDesk) -> None:
    async with signed.customer("Yolanda") as case:
        card = await case.claimed(signed.ana)
        payload = _line(signed, card.ts, "falso", "Ev-forged")
        assert _post(signed, payload, secret="another") == 401
        assert _post(signed, payload, at=-301) == 401
        assert _post(signed, payload, at=+301) == 401
        body = json.dumps(payload).encode()
        assert _send(signed, body.replace(b"falso", b"FALSO"), body, path="events") == 401
        assert HTTP.post(f"{signed.service.url}/slack/events", content=body).status_code == 401
        assert _send(signed, b"{not json", b"{not json", path="events") == 400
        assert _post(signed, _line(signed, card.ts, "ajeno", "Ev-foreign", team_id="T0OTHER")) == 200
        whole = _line(signed, card.ts, "verdadero", "Ev-true")
        for _ in range(3):  # a replay within the five minutes
            assert _post(signed, whole) == 200
        assert _post(signed, {**whole, "event_id": "Ev-true-again"}) == 200  # the same message under another id
        await case.widget.message("agent", "verdadero")
        await case.widget.quiet(1.5)
        assert case.to_customer() == ["verdadero"]


async def test_a_repetition_may_be_the_only_delivery(signed: SlackDesk) -> None:
    async with signed.customer("Zoe") as case:
        await case.claimed(signed.ana)
        signed.slack.fault_events("only_retry", "message", times=1)
        await case.writes(signed.ana, "solo llegó el reintento")
        await case.widget.message("agent", "reintento")
        signed.slack.clear_faults()
        assert case.to_customer() == ["solo llegó el reintento"]


def test_settings_that_would_leave_the_desk_deaf_are_refused(tmp_path: Path) -> None:
    from handoff_service.settings import Settings

    secret = "0123456789abcdef0123456789abcdef"
    for missing in ({"slack_channel": "C1"}, {"slack_app_token": "xapp-1"}):
        with pytest.raises(ValueError, match="SLACK_"):
            Settings(_env_file=None, relevo_secret=secret, slack_bot_token="xoxb-1", data_dir=tmp_path, **missing)
