"""Keeps one part running: starts it, notices that it died or hangs, and starts it again."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from launcher.children import PRIVATE, end_in_words, signal_group, spawn
from launcher.health import HealthWatch
from launcher.output import LogFile, Terminal, follow
from launcher.part import Part, Patience

KILLED_MAY_TAKE = 5.0
LAST_WORDS_MAY_TAKE = 1.0


class Keeper:
    """One part, now running or waiting for its next start."""

    def __init__(
        self, part: Part, patience: Patience, terminal: Terminal, logs: Path, say: Callable[[str], None]
    ) -> None:
        self.part = part
        self._patience = patience
        self._terminal = terminal
        self._log = LogFile(logs, part.name)
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._watch: HealthWatch | None = None
        self._started_at = 0.0
        self._restart_at = 0.0
        self._wait = 0.0  # until it is started again: not at all, unless it dies soon after a start

    def start(self) -> None:
        """Start the part's process. Main thread only (see `spawn`)."""
        self._started_at = time.monotonic()
        try:
            self._child = spawn(self.part.command, self.part.environment, captured=True, umask=PRIVATE)
        except OSError as error:
            self._start_later(f"cannot be started ({error.strerror})", self._started_at)
            return
        if self._child.stdout is not None:
            self._output = follow(self._child.stdout, self.part.name, self._terminal, self._log)
        if self.part.health is not None:
            self._watch = HealthWatch(self.part.health, self._patience)

    def tend(self) -> None:
        """Do what is due: notice its end, end it if it hangs, start it again when the wait is over."""
        now = time.monotonic()
        if self._child is None:
            if now >= self._restart_at:
                self.start()
        elif (code := self._child.poll()) is not None:
            self._start_later(end_in_words(code), now)
        elif self._watch is not None and self._watch.complaint:
            self.kill()
            self._start_later(self._watch.complaint, now)

    def ask_to_end(self) -> None:
        """Let it finish what it is doing and end."""
        if self._child is not None and not self.has_ended():
            signal_group(self._child, signal.SIGTERM)

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self._child is not None:
            signal_group(self._child, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(KILLED_MAY_TAKE)

    def has_ended(self) -> bool:
        """Whether no process of the part runs."""
        return self._child is None or self._child.poll() is not None

    def close(self) -> None:
        """Leave nothing behind, neither stragglers nor unwritten last words."""
        self._let_go()
        if self._child is not None:
            self.kill()
            self._output.join(LAST_WORDS_MAY_TAKE)

    def _start_later(self, why: str, now: float) -> None:
        if now - self._started_at >= self._patience.steady_after:
            self._wait = 0.0
        when = f"in {self._wait:.1f} s" if self._wait else "at once"
        self._say(f"{self.part.name} {why}; starting it again {when}")
        self.close()
        self._child = None
        self._restart_at = time.monotonic() + self._wait
        self._wait = min(self._wait * 2 or self._patience.wait_to_restart, self._patience.longest_wait_to_restart)

    def _let_go(self) -> None:
        if self._watch is not None:
            self._watch.let_go()
            self._watch = None
