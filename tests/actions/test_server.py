"""The action server over HTTP: closed to strangers, honest about failures, silent about customers, quick to end."""

from __future__ import annotations

import http.client
import json
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.actions.running import ROOT, SECRET, Server, Turn, start_server, stop, verification

KNOWN = {"Authorization": f"Bearer {SECRET}"}


@pytest.mark.parametrize("path", ["/alive", "/health", "/webhook", "/actions", "/nothing"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": SECRET}, {"Authorization": f"Bearer {SECRET}x"}],
    ids=["none", "wrong", "no scheme", "longer"],
)
def test_who_does_not_know_the_secret_learns_nothing(server: Server, path: str, headers: Mapping[str, str]) -> None:
    assert server.get(path, headers).status == 401


def test_a_stranger_runs_no_action(server: Server) -> None:
    body = json.dumps(Turn().call("action_check_balance")).encode()
    assert server.post(body, headers={}).status == 401


def test_health_names_the_backend(server: Server) -> None:
    answer = server.get("/health")
    assert (answer.status, answer.body) == (200, {"status": "ok", "backend": "ok"})


def test_an_unknown_action_is_not_found(server: Server) -> None:
    assert server.run("action_of_nobody", Turn()).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"next_action": "action_due_date"}',
        b'{"next_action": "action_due_date", "tracker": {"sender_id": 7}}',
        b'{"next_action": "action_due_date", "tracker": {"sender_id": "x", "slots": []}}',
        b'{"next_action": "action_due_date", "tracker": {"sender_id": "x", "latest_message": "hi"}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_call_is_refused(server: Server, body: bytes) -> None:
    assert server.post(body).status == 422


def test_a_call_without_message_is_answered_as_for_anybody(server: Server) -> None:
    body = b'{"next_action": "action_due_date", "tracker": {"sender_id": "x", "latest_message": null}}'
    answer = server.post(body)
    assert [said["response"] for said in answer.body["responses"]] == ["utter_due_date"]


def test_a_packed_call_is_unpacked(server: Server) -> None:
    body = zlib.compress(json.dumps(Turn().call("action_due_date")).encode())
    answer = server.post(body, headers={**KNOWN, "Content-Encoding": "deflate"})
    assert answer.status == 200


def test_too_much_is_refused_packed_or_not(server: Server) -> None:
    huge = b'{"next_action": "' + b"x" * (5 * 1024 * 1024) + b'"}'
    assert server.post(zlib.compress(huge), headers={**KNOWN, "Content-Encoding": "deflate"}).status == 413
    refused: int | None
    try:
        refused = server.post(huge).status
    except OSError:  # it may hang up before all is sent
        refused = None
    assert refused in (413, None)
    assert server.get("/health").status == 200


def test_a_broken_backend_is_said_honestly_and_a_person_offered(tmp_path: Path) -> None:
    (tmp_path / "backend.db").write_bytes(b"this is no database" * 1000)
    server = start_server(tmp_path)
    try:
        turn = Turn(text="secreto inconfundible", verification=verification("C-1001"))
        assert [said["response"] for said in server.said("action_check_balance", turn)] == ["utter_backend_unavailable"]
        begun = server.said("validate_topup_form", turn)
        assert [said["response"] for said in begun] == ["utter_backend_unavailable"]
        assert [said["response"] for said in server.said("action_case_status", turn)] == ["utter_backend_unavailable"]
        assert server.get("/health").status == 503
        assert server.said("action_due_date", Turn())[0]["response"] == "utter_due_date"
    finally:
        stop(server)
    log = server.log.read_text()
    assert "action_check_balance: the backend is unavailable" in log
    assert "inconfundible" not in log


def test_a_locked_backend_fails_in_time_and_the_turn_can_be_repeated(server: Server) -> None:
    turn = Turn(
        conversation="locked",
        turn_id="locked-1",
        slots=(("complaint_text", "nadie vino"), ("complaint_confirmed", True)),
    )
    server.backend.check()
    with sqlite3.connect(server.data_dir / "backend.db", isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert server.run("action_finish_complaint", turn).status == 500
        assert time.monotonic() - began < 3
        connection.execute("ROLLBACK")
    assert server.run("action_finish_complaint", turn).status == 200
    assert len(server.backend.complaints(None, "locked")) == 1


def test_logs_hold_no_words_and_no_tokens(server: Server) -> None:
    token = verification("C-1001")
    server.run("action_check_balance", Turn(text="palabras inconfundibles", verification=token))
    log = server.log.read_text()
    assert "action_check_balance ran in" in log
    for kept in ("inconfundibles", token, SECRET, "C-1001"):
        assert kept not in log


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"RELEVO_SECRET": ""}, "RELEVO_SECRET"),
        ({"RELEVO_SECRET": "too short"}, "RELEVO_SECRET"),
        ({"RELEVO_SECRET": SECRET, "ACTIONS_HOST": "0.0.0.0"}, "ACTIONS_HOST"),
    ],
)
def test_it_does_not_start_unsafely_and_says_why(environment: dict[str, str], named: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "actions"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_taken_port_ends_it_with_an_error(server: Server, tmp_path: Path) -> None:
    environment = {"RELEVO_SECRET": SECRET, "ACTIONS_PORT": str(server.port), "DATA_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "actions"], cwd=ROOT, env=environment, capture_output=True, timeout=60
    )
    assert ended.returncode != 0


def test_it_ends_promptly_when_told_even_while_a_caller_keeps_its_connection(tmp_path: Path) -> None:
    server = start_server(tmp_path)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/health", headers=KNOWN)
    connection.getresponse().read()
    began = time.monotonic()
    assert stop(server) == 0
    assert time.monotonic() - began < 8
    connection.close()
