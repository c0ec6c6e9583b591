"""The settings that the launcher itself needs, from the environment and `.env`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher import dotenv
from launcher.project import ROOT, Problem

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
DEFAULT_PORTS = {"PORT": 8000, "RASA_PORT": 5005, "ACTIONS_PORT": 5055}
LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """Where the parts listen and keep their state; `environment` is what they are started with."""

    host: str
    port: int
    rasa_port: int
    actions_port: int
    data_dir: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def service_url(self) -> str:
        """Where this machine reaches the handoff service."""
        host = ANY_ADDRESS.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def rasa_url(self) -> str:
        """Where the service reaches the assistant."""
        return f"http://{LOCAL}:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Where the assistant reaches the action server."""
        return f"http://{LOCAL}:{self.actions_port}"

    @property
    def listeners(self) -> dict[str, tuple[str, int]]:
        """Host and port of each listener, by the setting that moves it."""
        return {
            "PORT": (self.host, self.port),
            "RASA_PORT": (LOCAL, self.rasa_port),
            "ACTIONS_PORT": (LOCAL, self.actions_port),
        }


def load(dotenv_file: Path = ROOT / ".env", environ: Mapping[str, str] = os.environ) -> Settings:
    """Read them; the real environment wins over `.env`, and an empty value counts as not set."""
    merged = {key: value for key, value in dotenv.read(dotenv_file).items() if value}
    merged.update({key: value for key, value in environ.items() if value or key not in merged})
    ports = {name: _port(name, merged.get(name) or default) for name, default in DEFAULT_PORTS.items()}
    _refuse_twins(ports)
    return Settings(
        host=(merged.get("HOST") or LOCAL).strip("[]"),
        port=ports["PORT"],
        rasa_port=ports["RASA_PORT"],
        actions_port=ports["ACTIONS_PORT"],
        data_dir=ROOT / Path(merged.get("DATA_DIR") or "var").expanduser(),
        environment=merged,
    )


def _port(name: str, written: str | int) -> int:
    try:
        port = int(written)
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise Problem(f"{name}={written} is no port: it must be a number from 1 to 65535.")
    return port


def _refuse_twins(ports: Mapping[str, int]) -> None:
    for name, port in ports.items():
        other = next((known for known, taken in ports.items() if known != name and taken == port), None)
        if other:
            raise Problem(f"{name} and {other} are both {port}: each part needs a port of its own.")
