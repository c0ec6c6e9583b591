"""The real supervisor over fake parts: run as a module with a JSON file of {logs, patience, parts}."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from launcher.part import Health, Part, Patience
from launcher.signals import Signals
from launcher.supervisor import Supervisor

FAKE_PART = Path(__file__).with_name("fake_part.py")


def part(behaviour: dict[str, object], ends_first: bool = False) -> Part:
    """A part that behaves so."""
    url = f"http://127.0.0.1:{behaviour['port']}/health" if behaviour.get("port") else None
    return Part(
        name=str(behaviour["name"]),
        command=(sys.executable, FAKE_PART, json.dumps(behaviour)),
        environment=os.environ,
        health=Health(url, str(behaviour.get("token", ""))) if url else None,
        ends_first=ends_first,
    )


def main(told: dict[str, object]) -> None:
    """Supervise until a signal comes."""
    signals = Signals()
    supervisor = Supervisor(Path(told["logs"]), signals, Patience(**told["patience"]))
    for behaviour, ends_first in told["parts"]:
        supervisor.start(part(behaviour, ends_first))
    try:
        supervisor.watch()
    finally:
        supervisor.end()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
