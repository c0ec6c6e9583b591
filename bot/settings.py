"""What the surroundings tell the assistant: the only place in `bot/` that reads the environment."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MINIMUM_SECRET_LENGTH = 32
_PRIVATE = tuple(
    ipaddress.ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


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
    """The address to listen on, or a refusal of one that the internet may reach.

    A private network, like 172.30.77.0/24, stands for the address that this machine has in it: a container can't know
    its own before it starts.
    """
    address = "127.0.0.1" if interface == "localhost" else interface
    try:
        parsed = _own_address_in(address) if "/" in address else ipaddress.ip_address(address)
    except ValueError:
        raise MisconfiguredError(f"RASA_INTERFACE must be an IP address or a network, not {interface!r}.") from None
    if parsed.is_unspecified or not (parsed.is_loopback or parsed.is_private):
        raise MisconfiguredError(
            f"RASA_INTERFACE={interface} is open to everybody. Rasa listens on 127.0.0.1 or an address of a private "
            "network only; customers reach it through the handoff service."
        )
    return str(parsed)


def _is_private(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    """Whether all of it is: to `ipaddress`, what begins and ends in a private network is private in between."""
    return any(network.version == each.version and network.subnet_of(each) for each in _PRIVATE)


def _own_address_in(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """This machine's address in the network, found by the way there; nothing is sent."""
    network = ipaddress.ip_network(written)
    family = socket.AF_INET if network.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(next(iter(network.hosts()))), 9))
        except OSError:
            own = None
        else:
            own = ipaddress.ip_address(probe.getsockname()[0])
    if own is None or own not in network or not _is_private(network):
        raise MisconfiguredError(f"RASA_INTERFACE={written}: no private network in which this machine is.")
    return own


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
