"""Tells the person at the keyboard where to look, once it is true."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable

from launcher.health import get

ASK_EVERY = 0.5
TAKES_LONG_AFTER = 30.0
PAGES = {"Demo site": "/", "Agents": "/console", "Trainers": "/trainers", "Statistics": "/statistics"}


class Announcer:
    """Asks the service for readiness in a thread of its own, then shows the pages that exist.

    `show` is for the terminal only: what it is given contains the made agent's token.
    """

    def __init__(self, url: str, agent_token: str, show: Callable[[str], None]) -> None:
        self._url = url
        self._agent_token = agent_token
        self._show = show
        self._over = threading.Event()

    def start(self) -> None:
        """Begin to ask."""
        threading.Thread(target=self._wait_and_tell, name="addresses", daemon=True).start()

    def let_go(self) -> None:
        """Ask no more."""
        self._over.set()

    def _wait_and_tell(self) -> None:
        began = time.monotonic()
        tell_at = began + TAKES_LONG_AFTER
        while not self._over.wait(ASK_EVERY):
            status, body = get(f"{self._url}/readyz", seconds=5.0)
            now = time.monotonic()
            if status == http.client.OK:
                self._tell_addresses(now - began)
                return
            if now >= tell_at:
                tell_at = now + TAKES_LONG_AFTER
                self._show(f"still starting after {now - began:.0f} s: {unready_parts(status, body)}")

    def _tell_addresses(self, seconds: float) -> None:
        self._show(f"ready after {seconds:.0f} s. Ctrl-C ends it.")
        for name, path in PAGES.items():
            status, _ = get(f"{self._url}{path}", seconds=5.0)
            if status == http.client.OK:
                key = f"#token={self._agent_token}" if path == "/console" and self._agent_token else ""
                self._show(f"{name + ':':<11} {self._url}{path}{key}")


def unready_parts(status: int, body: bytes) -> str:
    """What `/readyz` says is missing, in one line."""
    if not status:
        return "the handoff service does not answer yet"
    try:
        parts = json.loads(body)["parts"]
        return ", ".join(f"{name} is {state}" for name, state in sorted(parts.items()))
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"the handoff service answers {status}"
