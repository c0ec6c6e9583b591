"""`python -m handoff_service`: serve. `python -m handoff_service migrate`: bring the database up to date.

`python -m handoff_service doctor`: try the tokens of the platforms, findings as JSON.
`python -m handoff_service verdicts`: write what agents thought of handoffs to a file for trainers, and print its path.
`python -m handoff_service audit`: who read, took, resolved, exported, erased; `--verify` checks that log.
`python -m handoff_service retention --dry-run|--apply`, `export WHO`, `erase WHO`, `orders`: what is kept of people.
`python -m handoff_service revoke [NAME | --restore NAME]`: whose token opens the desk.

Each command imports what it needs: a switchboard that was killed is back sooner without the rest.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from handoff_service.settings import Settings, SettingsAreWrong, load_settings
from handoff_service.store.database import SecondProcess, read_once

LARGEST_FRAME = 64 * 1024  # bytes; a larger one closes the socket with 1009
GRACE_SECONDS = 5
GARBAGE_AFTER = (
    20_000  # new objects more than deleted ones; with Python's own 700, a quarter of a connection's work was this
)


def main(arguments: list[str]) -> int:
    """The process's exit status: 0, or 2 with a sentence about what is wrong."""
    try:
        settings = load_settings()
        if arguments == ["migrate"]:
            from handoff_service.store.migrate import migrate

            migrate(settings)
            return 0
        if arguments == ["doctor"]:
            from handoff_service.doctor import examine

            print(json.dumps(examine(settings), ensure_ascii=False))
            return 0
        if arguments == ["verdicts"]:
            print(write_verdicts(settings))
            return 0
        if arguments:
            from handoff_service.privacy import commands

            if arguments[0] in commands.COMMANDS:
                return commands.run(settings, arguments)
            known = f"Known: migrate, doctor, verdicts, {', '.join(commands.COMMANDS)}, or nothing to serve."
            print(f"Unknown: {' '.join(arguments)}. {known}", file=sys.stderr)
            return 2
        serve(settings)
        return 0
    except (SettingsAreWrong, SecondProcess) as error:
        print(error, file=sys.stderr)
        return 2


def write_verdicts(settings: Settings) -> Path:
    """The conversations that agents judged, in the format of data/judgement and without personal data."""
    from handoff_service.privacy.outside import VERDICTS
    from handoff_service.switchboard.rules.labelled import as_yaml
    from handoff_service.switchboard.verdicts import judged

    path = settings.data_dir / VERDICTS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_yaml(read_once(settings.database, judged)), encoding="utf-8")
    return path


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    import uvicorn

    from handoff_service.app import create_app
    from handoff_service.logs import configure_logs
    from handoff_service.observability import tracing

    configure_logs()
    try:
        tracing.start(settings.otel_exporter_otlp_endpoint)
    except tracing.TracingNotInstalled as error:
        raise SettingsAreWrong(str(error)) from None
    app = create_app(settings)
    # What stands now stays for good: the search for garbage leaves it out, and is not felt where thousands connect.
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, *gc.get_threshold()[1:])
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
