"""Ctrl-C, SIGTERM and ended children, as something a loop can wait for."""

from __future__ import annotations

import os
import select
import signal

from launcher.project import Stopped
from launcher.tether import tie_to_parent


class Signals:
    """Counts the wishes to stop and wakes the waiting main thread, for an ended child too."""

    def __init__(self) -> None:
        self.stops = 0
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        if "MAKELEVEL" in os.environ:
            tie_to_parent(signal.SIGTERM)  # make passes SIGTERM on, but when it is killed nobody would tell
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # started with nohup
            signal.signal(signal.SIGHUP, self._stop)

    def _stop(self, *_: object) -> None:
        self.stops += 1

    def wait(self, seconds: float) -> None:
        """Sleep that long, or less: until the next signal."""
        readable, _, _ = select.select([self._reader], [], [], max(0.0, seconds))
        if readable:
            os.read(self._reader, 4096)

    def pause(self, seconds: float) -> None:
        """Sleep that long or less, in a step that a wish to stop ends: `Stopped`."""
        self.wait(seconds)
        if self.stops:
            raise Stopped
