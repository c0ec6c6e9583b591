"""`python -m actions`: starts the action server, or says what setting keeps it from starting."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from actions.server import build_app
from actions.settings import Settings, SettingsError


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("sanic").setLevel(logging.WARNING)
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
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
    sys.exit(main())
