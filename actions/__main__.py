"""`python -m actions`: starts the action server, or says what setting keeps it from starting.

`python -m actions doctor`: tries the billing system, findings as JSON.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

from actions.doctor import examine
from actions.server import build_app
from actions.settings import Settings, SettingsError


def main(arguments: list[str]) -> int:
    if arguments == ["doctor"]:
        print(json.dumps(examine(os.environ), ensure_ascii=False))
        return 0
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("sanic", "rasa_sdk", "httpx", "httpcore"):  # the addresses of requests name customers
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(f"The action server cannot start: {error}", file=sys.stderr)
        return 2
    app = build_app(settings)
    logging.getLogger("actions").info("starting on http://%s:%s", settings.host, settings.port)
    started: list[bool] = []

    async def note_start(*_: Any) -> None:
        started.append(True)

    app.register_listener(note_start, "after_server_start")
    app.run(settings.host, settings.port, debug=False, access_log=False)
    return 0 if started else 1  # Sanic reports a taken port in its log only


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
