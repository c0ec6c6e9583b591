"""An action server whose behaviour a test decides, over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FORM_SLOTS = ("callback_phone", "callback_note")
Answer = Callable[[dict[str, Any]], tuple[int, Any]]


def says(text: str) -> Answer:
    """An action that says one thing."""
    return lambda _: (200, {"events": [], "responses": [{"text": text}]})


def sets(**slots: Any) -> Answer:
    """A validation that sets slots."""
    return lambda _: (200, {"events": [_slot(name, value) for name, value in slots.items()], "responses": []})


def takes(seconds: float, then: Answer) -> Answer:
    """An action that takes its time."""

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        time.sleep(seconds)
        return then(body)

    return answer


def accepts_what_was_said(body: dict[str, Any]) -> tuple[int, Any]:
    """A form validation, as the SDK does it: of what was extracted just now, a phone number must have digits."""
    events = body["tracker"]["events"]
    last_message = max(i for i, event in enumerate(events) if event["event"] == "user")
    said = {e["name"]: e["value"] for e in events[last_message:] if e["event"] == "slot" and e["name"] in FORM_SLOTS}
    if "callback_phone" in said and not any(map(str.isdigit, said["callback_phone"] or "")):
        said["callback_phone"] = None
    return 200, {"events": [_slot(name, value) for name, value in said.items()], "responses": []}


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


class StubActions:
    """Notes the calls; each action answers what was arranged, or fails."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.traceparents: list[str | None] = []
        self._answers: dict[str, Answer] = {}
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stub.calls.append(body)
                stub.authorizations.append(self.headers.get("Authorization"))
                stub.traceparents.append(self.headers.get("traceparent"))
                arranged = stub._answers.get(body["next_action"])
                status, answer = arranged(body) if arranged else (500, {"error": "no such action"})
                sent = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                with suppress(BrokenPipeError):  # whoever asked did not wait
                    self.wfile.write(sent)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def arrange(self, action: str, answer: Answer) -> None:
        self._answers[action] = answer

    def calm_down(self) -> None:
        """As at the beginning: everybody answers well, nothing was called."""
        self.calls.clear()
        self.authorizations.clear()
        self.traceparents.clear()
        self._answers = {
            "action_check_balance": says("Debes 12 €."),
            "validate_callback_form": accepts_what_was_said,
            "action_callback_hint": lambda _: (200, {"events": [], "responses": []}),
        }

    def times(self, action: str) -> int:
        return sum(call["next_action"] == action for call in self.calls)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
