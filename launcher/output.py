"""What the parts print: each line to a file of its own, and with the part's name before it to the terminal."""

from __future__ import annotations

import queue
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

FILE_MAY_GROW_TO = 5_000_000
OLD_FILES_KEPT = 3
LINES_WAITING_FOR_THE_TERMINAL = 5_000
LONGEST_LINE = 65_536
OWN_NAME = "relevo"


class LogFile:
    """`NAME.log`, which becomes `NAME.log.1` when it is full, and so on."""

    def __init__(self, folder: Path, name: str, limit: int = FILE_MAY_GROW_TO) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / f"{name}.log"
        self._limit = limit
        self._lock = threading.Lock()
        self._file = self._open()

    def write(self, line: bytes) -> None:
        """Append a line. A full disk loses the line and nothing else."""
        with self._lock, suppress(OSError):
            if self._file.closed:
                self._file = self._open()
            self._file.write(line)
            if self._file.tell() >= self._limit:
                self._rotate()

    def _rotate(self) -> None:
        self._file.close()
        for age in range(OLD_FILES_KEPT, 0, -1):
            younger = self._aged(age - 1)
            if younger.exists():
                younger.replace(self._aged(age))
        self._file = self._open()

    def _aged(self, age: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{age}") if age else self._path

    def _open(self) -> BinaryIO:
        file = self._path.open("ab", buffering=0)
        self._path.chmod(0o600)
        return file


class Terminal:
    """Standard output behind a queue: a terminal that is held (Ctrl-S) or gone never holds up the parts."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(LINES_WAITING_FOR_THE_TERMINAL)
        self._left_out = 0
        self._writer = threading.Thread(target=self._write, name="terminal", daemon=True)
        self._writer.start()

    def line(self, name: str, text: str) -> None:
        """Show a line of that part; left out, and told, when the terminal can't keep up."""
        try:
            if self._left_out:
                self._lines.put_nowait(
                    _labelled(OWN_NAME, f"{self._left_out} lines left out here; they are in the logs")
                )
                self._left_out = 0
            self._lines.put_nowait(_labelled(name, text))
        except queue.Full:
            self._left_out += 1

    def close(self) -> None:
        """Show what is waiting, unless the terminal is held."""
        with suppress(queue.Full):
            self._lines.put_nowait(None)
            self._writer.join(1.0)

    def _write(self) -> None:
        # Not through sys.stdout: its lock, held by a thread that a held terminal blocks, would stop the launcher's end.
        sys.stdout.flush()
        with open(1, "wb", buffering=0, closefd=False) as terminal:
            while (line := self._lines.get()) is not None:
                with suppress(OSError):
                    terminal.write(line.encode("utf-8", "replace"))


def _labelled(name: str, text: str) -> str:
    return f"{name:<9} | {text}\n"


def follow(source: IO[bytes], name: str, terminal: Terminal, log: LogFile) -> threading.Thread:
    """Pass on what a child prints, line by line, until it ends."""
    thread = threading.Thread(
        target=_pass_on, args=(source, name, terminal, log), name=f"output of {name}", daemon=True
    )
    thread.start()
    return thread


def _pass_on(source: IO[bytes], name: str, terminal: Terminal, log: LogFile) -> None:
    with source:
        while line := source.readline(LONGEST_LINE):
            log.write(line if line.endswith(b"\n") else line + b"\n")
            terminal.line(name, line.decode("utf-8", "replace").rstrip())
