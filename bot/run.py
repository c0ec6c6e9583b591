"""Start the assistant: ``python -m bot.run``. Listens on RASA_INTERFACE:RASA_PORT, which must not be public."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from bot.lightness import leave_out_tensorflow
from bot.seals import ModelRefusedError, trusted_model
from bot.settings import MisconfiguredError, Settings, checked_interface, checked_secret

MODELS = "models"
# These libraries log what customers write when they are talkative, or chatter at start.
_QUIET = (
    "rasa",
    "rasa.core.processor",
    "rasa.nlu",
    "sanic.access",
    "apscheduler",
    "matplotlib",
    "tensorflow",
    "aiohttp",
)


def prepare() -> None:
    """Set what must be set before Rasa is imported: no telemetry, no noise, no TensorFlow."""
    leave_out_tensorflow()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    logging.captureWarnings(True)  # of the libraries, about themselves; they undo filters
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def quieten() -> None:
    """Only warnings of Rasa and its libraries, only information of ours; never a debug line, which quotes customers."""
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING)
    configure_structlog(logging.WARNING)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)


def serve(model: Path, interface: str, port: int) -> bool:
    """Serve this model until told to stop; says whether it came to that (Sanic only logs a taken port)."""
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    from bot.quickness import hurry

    quieten()
    hurry()
    started: list[bool] = []

    async def note_start(*_: object) -> None:
        started.append(True)

    serve_application(
        str(model),
        interface=interface,
        port=port,
        credentials="credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"),
        enable_api=False,
        server_listeners=[(note_start, "after_server_start")],
    )
    return bool(started)


def main() -> int:
    """Check the surroundings, then serve."""
    try:
        checked_secret(os.environ.get("RELEVO_SECRET"))
        settings = Settings.from_environment()
        interface = checked_interface(settings.interface)
        model = trusted_model(Path(MODELS))
    except (MisconfiguredError, ModelRefusedError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    prepare()
    return 0 if serve(model, interface, settings.port) else 1


if __name__ == "__main__":
    sys.exit(main())
