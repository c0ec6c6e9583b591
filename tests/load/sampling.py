"""Where a process spends its time: a thread that looks at all others every few milliseconds."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY = 0.005  # seconds
WRITTEN_EVERY = 1.0
OURS = "/handoff_service/"
# What a thread does that waits for work.
IDLE = {
    ("selectors.py", "select"),
    ("threading.py", "wait"),
    ("thread.py", "_worker"),
    ("grouping.py", "_groups"),
    ("runners.py", "run"),
}


class Sampler(threading.Thread):
    """Counts, per look and busy thread, the innermost function and the innermost one of our own; kept in a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="sampler", daemon=True)
        self._path = path
        self._looks = 0
        self._busy: Counter[str] = Counter()  # by kind of thread
        self._inner: Counter[str] = Counter()
        self._ours: Counter[str] = Counter()

    def run(self) -> None:
        write_at = time.monotonic() + WRITTEN_EVERY
        while True:
            time.sleep(EVERY)
            self._look()
            if time.monotonic() >= write_at:
                self._write()
                write_at = time.monotonic() + WRITTEN_EVERY

    def _look(self) -> None:
        self._looks += 1
        names = {thread.ident: thread.name.rpartition("_")[0] or thread.name for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():
            if ident == self.ident or (Path(frame.f_code.co_filename).name, frame.f_code.co_name) in IDLE:
                continue
            self._busy[names.get(ident, "?")] += 1
            self._inner[_place(frame)] += 1
            self._ours[_place(_innermost_of_ours(frame))] += 1

    def _write(self) -> None:
        told = {"looks": self._looks, "busy": self._busy, "inner": self._inner, "ours": self._ours}
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(told), encoding="utf-8")
        os.replace(draft, self._path)


def _innermost_of_ours(frame: FrameType) -> FrameType | None:
    at: FrameType | None = frame
    while at is not None and OURS not in at.f_code.co_filename:
        at = at.f_back
    return at


def _place(frame: FrameType | None) -> str:
    if frame is None:
        return "(server and libraries)"
    path = Path(frame.f_code.co_filename)
    return f"{path.parent.name}/{path.name}:{frame.f_code.co_qualname}"


def shown(path: Path, most: int = 12) -> str:
    """The profile in words: who was busy how much of the time, and the functions it went to."""
    told = json.loads(path.read_text("utf-8"))
    busy = ", ".join(f"{name} {count / told['looks']:.0%}" for name, count in Counter(told["busy"]).most_common(4))
    lines = [f"busy, of the time: {busy}"]
    for title, key in (("the innermost of our own functions", "ours"), ("the innermost function", "inner")):
        lines.append(f"by {title}:")
        total = sum(told[key].values()) or 1
        lines += [f"  {count / total:>5.1%}  {place}" for place, count in Counter(told[key]).most_common(most)]
    return "\n".join(lines)
