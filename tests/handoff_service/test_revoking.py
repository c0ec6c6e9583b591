"""An agent's token that was revoked by a command opens nothing any more, while the service goes on running."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from handoff_service.desks.agents import Agents, digest_of
from handoff_service.store.database import StoreUnavailable
from handoff_service.switchboard.rules.handoff import Agent
from tests.doubles.service import ROOT, Service
from tests.doubles.widget import Widget

WITHIN = 6.0  # seconds; the record is read every two


def _command(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[Any] = [sys.executable, "-m", "handoff_service", *arguments]
    return subprocess.run(command, cwd=ROOT, env=service.environment, capture_output=True, text=True)


def _until_status(agent: httpx.Client, status: int) -> None:
    deadline = time.monotonic() + WITHIN
    while agent.get("/agents").status_code != status:
        assert time.monotonic() < deadline, f"no {status} within {WITHIN} seconds"
        time.sleep(0.1)


def _desk(service: Service) -> Any:
    return websockets.connect(service.url.replace("http", "ws") + "/v1/desk")


async def _greeted(socket: Any, agent: str) -> str:
    await socket.send(json.dumps({"type": "hello", "token": f"token-of-{agent}"}))
    answer = json.loads(await socket.recv())
    return str(answer.get("code", answer["type"]))


async def test_a_revoked_token_ends_its_consoles_and_opens_nothing_until_restored(
    killable_service: Service,
) -> None:
    service = killable_service
    with service.agent("Ana") as ana, service.agent("Luis") as luis:
        ana.patch("/agents/Ana", json={"availability": "available"}).raise_for_status()
        async with _desk(service) as of_ana, _desk(service) as of_luis:
            assert (await _greeted(of_ana, "ana"), await _greeted(of_luis, "luis")) == ("welcome", "welcome")
            told = _command(service, "revoke", "Ana")
            rows = [json.loads(line) for line in told.stdout.splitlines()]
            assert {row["agent"]: row["revoked_at"] is not None for row in rows} == {"Ana": True, "Luis": False}
            console = Widget(of_ana)
            assert (await console.until(lambda f: f["type"] == "error", WITHIN))["code"] == "unauthorized"
            await of_ana.wait_closed()
            assert of_ana.close_code == 1008
            await of_luis.send('{"type": "ping"}')
            await Widget(of_luis).until(lambda f: f["type"] == "pong")
        _until_status(ana, 401)
        present = {each["name"]: each for each in luis.get("/agents").raise_for_status().json()["present"]}
        assert present["Ana"]["is_available"] is False
        async with _desk(service) as again:
            assert await _greeted(again, "ana") == "unauthorized"
            assert await _greeted(again, "luis") == "welcome"
        service.restart()
        assert ana.get("/agents").status_code == 401
        _command(service, "revoke", "Ana")
        _command(service, "revoke", "--restore", "Ana")
        _command(service, "revoke", "--restore", "Ana")
        _until_status(ana, 200)
    log = [json.loads(line) for line in _command(service, "audit").stdout.splitlines()]
    assert [(row["role"], row["action"], row["target"]) for row in log] == [
        ("operator", "revoked", "agent:Ana"),
        ("operator", "restored", "agent:Ana"),
    ]


def test_a_new_token_of_the_same_agent_is_good_and_the_old_one_stays_revoked(
    own_service: Service, tmp_path: Path
) -> None:
    _command(own_service, "revoke", "Ana")
    own_service.stop()
    later = Service(tmp_path, AGENT_TOKENS="Ana:another-token,Eva:token-of-ana")
    try:
        with later.start().agent("Ana") as old:
            assert old.get("/agents").status_code == 401
            assert old.get("/agents", headers={"Authorization": "Bearer another-token"}).status_code == 200
    finally:
        later.stop()


def test_revoking_somebody_whom_the_settings_do_not_name_says_so_and_changes_nothing(own_service: Service) -> None:
    wrong = _command(own_service, "revoke", "Anna")
    assert (wrong.returncode, wrong.stdout) == (3, "")
    assert "Ana, Luis" in wrong.stderr
    assert "token-of" not in wrong.stderr
    listed = [json.loads(line) for line in _command(own_service, "revoke").stdout.splitlines()]
    assert listed == [{"agent": "Ana", "revoked_at": None}, {"agent": "Luis", "revoked_at": None}]
    assert _command(own_service, "revoke", "Ana", "--restore", "Ana").returncode == 2


def test_nobody_is_let_in_while_it_is_not_known_who_was_revoked() -> None:
    ana = Agent("Ana")
    agents = Agents({digest_of("token-of-ana"): ana})
    with pytest.raises(StoreUnavailable):
        agents.of_token("token-of-ana")
    assert agents.of_token("invented") is None
