"""What the launcher shows and keeps of what it sees: addresses, logs, judgement of health, the doctor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from launcher.addresses import Announcer, unready_parts
from launcher.health import Pulse
from launcher.output import LogFile
from launcher.part import Patience
from launcher.project import ROOT
from tests.launcher.conftest import eventually

TOKEN = "an-agents-token"


class FakeService:
    """Answers like the handoff service: ready only when told so, without trainers' pages."""

    def __init__(self) -> None:
        self.is_ready = False
        fake = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = {"/readyz": 200 if fake.is_ready else 503, "/": 200, "/console": 200}
                self.send_response(known.get(self.path, 404))
                self.end_headers()
                self.wfile.write(json.dumps({"ready": fake.is_ready, "parts": {"assistant": "starting"}}).encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service() -> Iterator[FakeService]:
    service = FakeService()
    yield service
    service.close()


def test_addresses_are_shown_once_the_product_is_ready_and_only_those_that_exist(service: FakeService) -> None:
    shown: list[str] = []
    announcer = Announcer(service.url, TOKEN, shown.append)
    announcer.start()
    time.sleep(1.2)
    assert shown == []
    service.is_ready = True
    eventually(lambda: len(shown) == 3)
    assert shown[0].startswith("ready after")
    assert [line.split() for line in shown[1:]] == [
        ["Demo", "site:", f"{service.url}/"],
        ["Agents:", f"{service.url}/console#token={TOKEN}"],
    ]


def test_a_token_of_ones_own_is_not_shown(service: FakeService) -> None:
    service.is_ready = True
    shown: list[str] = []
    Announcer(service.url, "", shown.append).start()
    eventually(lambda: len(shown) == 3)
    assert shown[2].endswith("/console")


def test_what_is_missing_for_readiness_is_said_in_one_line() -> None:
    body = json.dumps({"ready": False, "parts": {"database": "ok", "assistant": "starting"}}).encode()
    assert unready_parts(503, body) == "assistant is starting, database is ok"
    assert unready_parts(0, b"") == "the handoff service does not answer yet"
    assert unready_parts(500, b"<html>") == "the handoff service answers 500"


def test_a_log_is_turned_over_when_it_is_full_and_old_ones_go(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "service", limit=100)
    for number in range(60):
        log.write(f"line {number:03d}\n".encode())
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["service.log", "service.log.1", "service.log.2", "service.log.3"]
    assert (tmp_path / "service.log.1").read_text().splitlines()[-1] == "line 059"
    assert all(path.stat().st_size <= 110 for path in tmp_path.iterdir())


def test_a_log_goes_on_after_a_restart_of_the_launcher(tmp_path: Path) -> None:
    LogFile(tmp_path, "service").write(b"before\n")
    LogFile(tmp_path, "service").write(b"after\n")
    assert (tmp_path / "service.log").read_text() == "before\nafter\n"


def test_a_part_is_well_again_after_one_good_answer() -> None:
    pulse = Pulse(Patience(), started=0)
    pulse.beat(True, 2)
    for now in (4, 6, 8, 10, 12, 14, 16):
        pulse.beat(False, now)
    pulse.beat(True, 18)
    pulse.beat(False, 20)
    assert pulse.complaint(34) is None


def test_silence_of_fifteen_seconds_is_hanging_once_it_was_well() -> None:
    pulse = Pulse(Patience(), started=0)
    pulse.beat(True, 2)
    for now in (4, 9, 14):
        pulse.beat(False, now)
    assert pulse.complaint(18.9) is None
    assert pulse.complaint(19.0) == "has not been well for 15 s"


def test_silence_while_loading_is_not_hanging() -> None:
    pulse = Pulse(Patience(), started=0)
    for now in range(2, 298, 2):
        pulse.beat(False, now)
        assert pulse.complaint(now + 1) is None


def test_time_in_which_nobody_asked_is_not_held_against_a_part() -> None:
    pulse = Pulse(Patience(), started=0)
    pulse.beat(True, 2)
    pulse.beat(False, 4)
    assert pulse.complaint(4000) is None


def run_doctor(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    own = {"DATA_DIR": str(tmp_path), "PORT": "8336", "RASA_PORT": "8337", "ACTIONS_PORT": "8338"}
    command = [sys.executable, "-m", "launcher", "doctor"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **own, **environ}, capture_output=True, text=True)


def test_the_doctor_finds_nothing_wrong_without_any_setting(tmp_path: Path) -> None:
    done = run_doctor(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "Nothing stands in the way" in done.stdout


def test_the_doctor_tries_a_token_without_leaving_anything_behind(tmp_path: Path, free_port: int) -> None:
    nobody = f"http://127.0.0.1:{free_port}/bot"
    done = run_doctor(tmp_path / "new", TELEGRAM_BOT_TOKEN="1:very-secret", TELEGRAM_API_URL=nobody)
    assert done.returncode == 1, done.stderr
    assert "! no answer" in done.stdout
    assert "very-secret" not in done.stdout + done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("token", "said"), [("very-secret", "no answer from BACKEND_URL"), ("", "BACKEND_TOKEN must be")]
)
def test_the_doctor_tries_the_billing_system(tmp_path: Path, free_port: int, token: str, said: str) -> None:
    done = run_doctor(tmp_path / "new", BACKEND_URL=f"http://127.0.0.1:{free_port}/api", BACKEND_TOKEN=token)
    assert done.returncode == 1, done.stderr
    assert said in done.stdout
    assert "very-secret" not in done.stdout + done.stderr


def test_the_doctor_names_a_busy_port_and_never_a_secret(tmp_path: Path, service: FakeService) -> None:
    port = service.url.rpartition(":")[2]
    done = run_doctor(tmp_path, PORT=port, AGENT_TOKENS="ana:very-secret", RELEVO_SECRET="too-short")
    assert done.returncode == 1
    assert f"! busy     PORT {port}" in done.stdout
    assert "! wrong    RELEVO_SECRET" in done.stdout
    assert "very-secret" not in done.stdout
    assert "too-short" not in done.stdout
