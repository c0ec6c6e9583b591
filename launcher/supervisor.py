"""Keeps all parts running until somebody wants them to end, and then ends them in order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from launcher.keeper import Keeper
from launcher.output import OWN_NAME, LogFile, Terminal
from launcher.part import Part, Patience
from launcher.signals import Signals

PATIENT = Patience()
LOOK_EVERY = 0.1
LOOK_WHILE_ENDING = 0.1


class Supervisor:
    """The parts that were started so far, in that order."""

    def __init__(self, logs: Path, signals: Signals, patience: Patience = PATIENT) -> None:
        self.terminal = Terminal()
        self._logs = logs
        self._log = LogFile(logs, "launcher")
        self._signals = signals
        self._patience = patience
        self._keepers: list[Keeper] = []

    def say(self, text: str) -> None:
        """Tell it on the terminal and in the launcher's own log."""
        self._log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n".encode())
        self.terminal.line(OWN_NAME, text)

    def start(self, part: Part) -> None:
        """Start a part and keep it from now on."""
        keeper = Keeper(part, self._patience, self.terminal, self._logs, self.say)
        self._keepers.append(keeper)
        keeper.start()

    def watch(self) -> None:
        """Keep the parts running until somebody wants them to end."""
        while not self._signals.stops:
            for keeper in self._keepers:
                keeper.tend()
            self._signals.wait(LOOK_EVERY)

    def end(self) -> None:
        """End every part: first those that still need the others, then the others, in the end by force."""
        if self._keepers:
            self.say("ending …")
        deadline = time.monotonic() + self._patience.all_may_finish
        first = [keeper for keeper in self._keepers if keeper.part.ends_first]
        self._ask_to_end(first, time.monotonic() + self._patience.first_may_finish)
        self._ask_to_end([keeper for keeper in self._keepers if keeper not in first], deadline)
        self._wait_for(first, deadline)
        for keeper in self._keepers:
            if not keeper.has_ended():
                self.say(f"{keeper.part.name} did not end in time and is killed")
            keeper.close()
        self.terminal.close()

    def _ask_to_end(self, keepers: Sequence[Keeper], deadline: float) -> None:
        for keeper in keepers:
            keeper.ask_to_end()
        self._wait_for(keepers, deadline)

    def _wait_for(self, keepers: Sequence[Keeper], deadline: float) -> None:
        while not all(keeper.has_ended() for keeper in keepers) and time.monotonic() < deadline:
            self._signals.wait(LOOK_WHILE_ENDING)
