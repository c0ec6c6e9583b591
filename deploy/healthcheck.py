"""Ask the part that runs in this container whether it is well: 0 if it says yes, 1 if not.

`python -m deploy.healthcheck service|assistant|actions`. The images and the compose files call it.
"""

from __future__ import annotations

import os
import sys
import urllib.request
from urllib.error import URLError

PATIENCE = 4.0  # seconds; Docker is told five


def service() -> tuple[str, str]:
    """Where the service says that it is alive: other parts that are down must not have it restarted."""
    return f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}/healthz", ""


def assistant() -> tuple[str, str]:
    """Where Rasa's door says that a model is loaded, and the secret it asks for."""
    from bot.settings import Settings, checked_interface, checked_secret

    settings = Settings.from_environment()
    at = _authority(checked_interface(settings.interface), settings.port)
    return f"http://{at}/webhooks/relevo/health", checked_secret(os.environ.get("RELEVO_SECRET"))


def actions() -> tuple[str, str]:
    """Where the action server says that it is alive, whatever the billing system does, and the secret it asks for."""
    from actions.settings import Settings

    settings = Settings.from_environment(os.environ)
    return f"http://{_authority(settings.host, settings.port)}/alive", settings.secret


PARTS = {"service": service, "assistant": assistant, "actions": actions}


def is_well(url: str, secret: str) -> bool:
    """Whether the answer is 200 within `PATIENCE`."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=PATIENCE) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


if __name__ == "__main__":
    sys.exit(0 if is_well(*PARTS[sys.argv[1]]()) else 1)
