"""How long a test waits for what must happen: longer where several processes share the machine."""

from __future__ import annotations

import os

BUSY = 3.0 if "PYTEST_XDIST_WORKER" in os.environ else 1.0


def patient(seconds: float) -> float:
    """These seconds of a machine of one's own, as a limit here."""
    return seconds * BUSY
