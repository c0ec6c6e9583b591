"""What the surroundings tell the assistant: the only place in `bot/` that reads the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MINIMUM_SECRET_LENGTH = 32


class MisconfiguredError(Exception):
    """A setting is missing or unsafe; the message says which, and what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything the assistant takes from its environment."""

    database_url: str
    actions_url: str
    interface: str
    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; what is not set gets the defaults of a single machine."""
        env = os.environ if environment is None else environment
        port = env.get("ACTIONS_PORT") or "5055"
        return cls(
            database_url=_database_url(env),
            actions_url=(env.get("ACTIONS_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
            interface=env.get("RASA_INTERFACE") or "127.0.0.1",
            port=int(env.get("RASA_PORT") or "5005"),
        )


def checked_secret(secret: str | None) -> str:
    """Return the shared secret, or refuse one that is missing, unexpanded or too short to be one."""
    if not secret or secret.startswith("${"):
        raise MisconfiguredError(
            "RELEVO_SECRET is not set. The assistant answers only those who know the shared secret: set RELEVO_SECRET "
            f"to at least {MINIMUM_SECRET_LENGTH} random characters, the same for all parts (`make run` does it)."
        )
    if len(secret) < MINIMUM_SECRET_LENGTH:
        raise MisconfiguredError(
            f"RELEVO_SECRET is too short: {len(secret)} characters, at least {MINIMUM_SECRET_LENGTH} are needed."
        )
    return secret


def checked_interface(interface: str) -> str:
    """Return the interface to listen on, or refuse one that the internet may reach."""
    address = "127.0.0.1" if interface == "localhost" else interface
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        raise MisconfiguredError(f"RASA_INTERFACE must be an IP address, not {interface!r}.") from None
    if parsed.is_unspecified or not (parsed.is_loopback or parsed.is_private):
        raise MisconfiguredError(
            f"RASA_INTERFACE={interface} is open to everybody. Rasa listens on 127.0.0.1 or an address of a private "
            "network only; customers reach it through the handoff service."
        )
    return address


def _database_url(env: Mapping[str, str]) -> str:
    """The URL of Rasa's memory, in the words of the driver that Rasa's environment has."""
    url = env.get("DATABASE_URL") or ""
    if not url or url.startswith("sqlite"):
        # The service's own SQLite file has one writer; the memory keeps a file of its own beside it.
        return f"sqlite:///{Path(env.get('DATA_DIR') or 'var') / 'memory.db'}"
    scheme, separator, rest = url.partition("://")
    if scheme.split("+")[0] in ("postgresql", "postgres"):
        return f"postgresql+psycopg2{separator}{rest}"
    raise MisconfiguredError(f"DATABASE_URL: SQLite or PostgreSQL, not {scheme!r}.")
