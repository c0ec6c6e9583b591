"""Asks a part how it is, and tells one that hangs from one that is still starting."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
import urllib.request

from launcher.part import Health, Patience

FEWEST_FAILURES = 3
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business between the parts


def get(url: str, seconds: float, token: str | None = None) -> tuple[int, bytes]:
    """Status and body of a GET to one of the parts; status 0 when there is no answer."""
    request = urllib.request.Request(url)  # noqa: S310 - http:// addresses of our own making
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with LOCAL.open(request, timeout=seconds) as answer:
            return answer.status, answer.read(65_536)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(65_536)
    except (OSError, http.client.HTTPException):
        return 0, b""


class Pulse:
    """What a series of answers says of one run of a part. Counts what was asked, so that a launcher which itself stood
    still (a laptop asleep) holds nothing against the part."""

    def __init__(self, patience: Patience, started: float) -> None:
        self._patience = patience
        self._started = started
        self._was_well = False
        self._failures = 0
        self._failing_since = started

    def beat(self, well: bool, asked: float) -> None:
        """Note one answer to a question asked at that time."""
        if well:
            self._was_well = True
            self._failures = 0
            return
        if not self._failures:
            self._failing_since = asked
        self._failures += 1

    def complaint(self, now: float) -> str | None:
        """Why the part has to be started anew, or None."""
        limit = self._patience.silence_is_hanging if self._was_well else self._patience.start_may_take
        since = self._failing_since if self._was_well else self._started
        if self._failures < FEWEST_FAILURES or now - since < limit:
            return None
        return f"has not been well for {limit:.0f} s" if self._was_well else f"is not ready after {limit:.0f} s"


class HealthWatch:
    """Polls one run of a part, in a thread of its own, until it is let go."""

    def __init__(self, health: Health, patience: Patience) -> None:
        self._health = health
        self._patience = patience
        self._pulse = Pulse(patience, time.monotonic())
        self._over = threading.Event()
        self.complaint: str | None = None
        threading.Thread(target=self._poll, name="health", daemon=True).start()

    def let_go(self) -> None:
        """Ask no more."""
        self._over.set()

    def _poll(self) -> None:
        while not self._over.wait(self._patience.poll_every):
            asked = time.monotonic()
            status, _ = get(self._health.url, self._patience.poll_may_take, self._health.token)
            self._pulse.beat(status == http.client.OK, asked)
            self.complaint = self._pulse.complaint(time.monotonic())
