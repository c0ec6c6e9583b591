"""A part that does as it is told: run as a script with a JSON object of the fields of `Behaviour`.

It appends what happens to the file `diary`, one JSON object a line, and answers its health while it is well.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Behaviour:
    """`hangs_after` and `loads_for` in seconds; `chatters` is a number of lines; `dies_with` an exit code at once."""

    name: str
    diary: str
    port: int = 0
    token: str = ""
    loads_for: float = 0.0
    hangs_after: float = 1e9
    ignores_sigterm: bool = False
    has_child: bool = False
    chatters: int = 0
    dies_with: int | None = None


def main(behaviour: Behaviour) -> None:
    """Live until told otherwise."""
    started = time.monotonic()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) if behaviour.has_child else None
    note(behaviour, "started", pid=os.getpid(), child=child.pid if child else None)
    signal.signal(signal.SIGTERM, lambda *_: end(behaviour))
    print(f"{behaviour.name} says hello", flush=True)
    for number in range(behaviour.chatters):
        print(f"line {number} ".ljust(200, "."))
    note(behaviour, "chattered")
    if behaviour.dies_with is not None:
        sys.exit(behaviour.dies_with)
    if behaviour.port:
        serve(behaviour, started)
    while True:
        time.sleep(60)


def end(behaviour: Behaviour) -> None:
    """SIGTERM came."""
    note(behaviour, "asked to end")
    if not behaviour.ignores_sigterm:
        time.sleep(0.2)
        note(behaviour, "ended")
        os._exit(0)


def note(behaviour: Behaviour, what: str, **more: object) -> None:
    """Write into the diary."""
    with open(behaviour.diary, "a", encoding="utf-8") as diary:
        diary.write(json.dumps({"who": behaviour.name, "what": what, "at": time.time(), **more}) + "\n")


def serve(behaviour: Behaviour, started: float) -> None:
    """Answer questions after one's health, in a thread."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            age = time.monotonic() - started
            if age > behaviour.hangs_after:
                time.sleep(600)
            known = not behaviour.token or self.headers["Authorization"] == f"Bearer {behaviour.token}"
            self.send_response(401 if not known else 503 if age < behaviour.loads_for else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", behaviour.port), Answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


if __name__ == "__main__":
    main(Behaviour(**json.loads(sys.argv[1])))
