"""A real action server as a child process, and calls to it as Rasa makes them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import jwt

from actions.backend.opening import open_backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-tests-0123456789abcdef"
CONVERSATION = "conversation-1"
START_LIMIT_S = 60


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass(frozen=True)
class Server:
    port: int
    data_dir: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def backend(self) -> EmbeddedBackend:
        """The same file as the server's, to know what it should say."""
        backend = open_backend(Settings(secret=SECRET, data_dir=self.data_dir))
        assert isinstance(backend, EmbeddedBackend)
        return backend

    @property
    def today(self) -> date:
        return Settings(secret=SECRET).today()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._send("GET", path, _known() if headers is None else headers)

    def post(self, body: bytes, headers: Mapping[str, str] | None = None, path: str = "/webhook") -> Answer:
        sent = {"Content-Type": "application/json", **(_known() if headers is None else headers)}
        return self._send("POST", path, sent, body)

    def run(self, action: str, turn: Turn) -> Answer:
        return self.post(json.dumps(turn.call(action)).encode())

    def said(self, action: str, turn: Turn) -> list[dict[str, Any]]:
        """The responses of an action that succeeded."""
        answer = self.run(action, turn)
        assert answer.status == 200, answer
        responses: list[dict[str, Any]] = answer.body["responses"]
        return responses

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            body = response.read()
            is_json = (response.getheader("Content-Type") or "").startswith("application/json")
            return Answer(response.status, json.loads(body) if is_json else body)
        finally:
            connection.close()


@dataclass(frozen=True)
class Turn:
    """What the door knows of a turn, and how Rasa hands it on."""

    text: str = "¿cuánto debo?"
    intent: str = "check_balance"
    confidence: float = 0.9
    language: str = "es"
    channel: str = "widget"
    turn_id: str = "turn-1"
    conversation: str = CONVERSATION
    verification: str | None = None
    slots: tuple[tuple[str, Any], ...] = ()
    asked: str | None = None
    entities: tuple[tuple[str, Any], ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    cases: tuple[dict[str, Any], ...] = ()

    def call(self, action: str) -> dict[str, Any]:
        slots = {"language": self.language, "channel": self.channel, "requested_slot": self.asked, **dict(self.slots)}
        metadata = {
            "turn_id": self.turn_id,
            "channel": self.channel,
            "language": self.language,
            "verification": self.verification,
            "cases": list(self.cases),
        }
        message = {
            "text": self.text,
            "intent": {"name": self.intent, "confidence": self.confidence},
            "entities": [{"entity": name, "value": value} for name, value in self.entities],
            "metadata": metadata,
        }
        events = [
            {"event": "user", "text": self.text, "metadata": metadata, "parse_data": message},
            {"event": "slot", "name": "requested_slot", "value": self.asked},
            {"event": "action", "name": "complaint_form"},
            *self.events,
        ]
        return {
            "next_action": action,
            "sender_id": self.conversation,
            "version": "3.6.21",
            "tracker": {
                "sender_id": self.conversation,
                "slots": slots,
                "latest_message": message,
                "events": events,
                "paused": False,
                "followup_action": None,
                "active_loop": {},
                "latest_action_name": "action_listen",
            },
        }


def verification(customer_id: str, **changed: Any) -> str:
    """A token as the switchboard signs it; `changed` claims make it another one, None leaves a claim out."""
    key = changed.pop("key", SECRET)
    claims = {
        "aud": "relevo-actions",
        "sub": customer_id,
        "cid": CONVERSATION,
        "tid": "turn-1",
        "exp": int(time.time()) + 100,
        **changed,
    }
    return jwt.encode({name: claim for name, claim in claims.items() if claim is not None}, key, algorithm="HS256")


def start_server(data_dir: Path, **environment: str) -> Server:
    """Starts it and returns once it answers."""
    port = _free_port()
    log = data_dir / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions"],
            cwd=ROOT,
            env={
                **os.environ,
                "RELEVO_SECRET": SECRET,
                "ACTIONS_PORT": str(port),
                "DATA_DIR": str(data_dir),
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, data_dir, process, log)
    give_up_at = time.monotonic() + START_LIMIT_S
    while time.monotonic() < give_up_at:
        assert process.poll() is None, log.read_text()
        try:
            server.get("/health")
            return server
        except ConnectionError:
            time.sleep(0.1)
    stop(server)
    raise AssertionError(f"no answer within {START_LIMIT_S} s: {log.read_text()}")


def stop(server: Server) -> int:
    """Ends it like the launcher does, and returns its exit status."""
    server.process.terminate()
    return server.process.wait(timeout=15)


def _known() -> dict[str, str]:
    return {"Authorization": f"Bearer {SECRET}"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
