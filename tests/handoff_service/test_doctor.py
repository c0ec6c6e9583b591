"""The doctor tries the tokens on the emulated platforms and says what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.doubles.service import ROOT, SECRET
from tests.emulators.slack import slack_process
from tests.emulators.telegram.client import TelegramWorld


def _findings(**settings: str) -> dict[str, dict[str, Any]]:
    environment = {**os.environ, "RELEVO_SECRET": SECRET, "AGENT_TOKENS": "Ana:token-of-ana", **settings}
    told = subprocess.run(
        [sys.executable, "-m", "handoff_service", "doctor"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    return {finding["subject"]: finding for finding in json.loads(told.stdout)}


def test_without_tokens_there_is_nothing_to_try() -> None:
    assert _findings() == {}


def test_telegram_s_token_is_tried() -> None:
    with TelegramWorld.in_thread() as world:
        good = _findings(TELEGRAM_BOT_TOKEN=world.token, TELEGRAM_API_URL=world.base_url)
        bad = _findings(TELEGRAM_BOT_TOKEN="123:wrong", TELEGRAM_API_URL=world.base_url)
    assert good["TELEGRAM_BOT_TOKEN"]["state"] == "ok"
    assert not [finding for finding in good.values() if finding["is_trouble"]]
    assert "BotFather" in bad["TELEGRAM_BOT_TOKEN"]["text"]


def test_slack_s_tokens_scopes_channel_and_threads_are_tried() -> None:
    with slack_process() as slack:
        ana = slack.add_person("Ana")
        queue = slack.add_channel("queue", members=[ana])
        slack.post(ana, queue, "hola")
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_CHANNEL": queue,
            "SLACK_API_URL": slack.api_url,
        }
        good = _findings(**settings)
        elsewhere = _findings(**{**settings, "SLACK_CHANNEL": "C0NOTTHERE"})
        slack.take_scope("reactions:write")
        poorer = _findings(**settings)
    assert not [finding for finding in good.values() if finding["is_trouble"]], good
    assert good["Slack's threads"]["state"] == "ok"
    assert "channel_not_found" in elsewhere["SLACK_CHANNEL"]["text"]
    assert "reactions:write" in poorer["Slack's scopes"]["text"]


def test_a_platform_that_can_t_be_reached_is_a_finding() -> None:
    told = _findings(TELEGRAM_BOT_TOKEN="1:x", TELEGRAM_API_URL="http://127.0.0.1:9/bot")
    assert told["Telegram"]["state"] == "no answer"


def test_the_desk_file_is_looked_at(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yml", tmp_path / "bad.yml"
    good.write_text("teams: {night: {hours: {mon-sun: 0:00-24:00}}}\nagents: {Ana:}\n")
    bad.write_text("teams:\n  night: {hours: {mon: 9-14}}\n")
    told, complained = _findings(DESK_FILE=str(good)), _findings(DESK_FILE=str(bad))
    assert (told["DESK_FILE"]["text"], told["team night"]["text"]) == ("1 teams, 1 agents", "open now")
    assert complained["DESK_FILE"]["is_trouble"]
    assert "bad.yml, line 2: `9-14` is no interval" in complained["DESK_FILE"]["text"]
