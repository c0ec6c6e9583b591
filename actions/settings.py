"""The action server's settings. Nobody else here reads the environment, and nothing is read at import."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions.backend.complaint_terms import ComplaintTerms

SECRET_MIN_LENGTH = 32
_PRIVATE = tuple(
    ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which and what to do."""


@dataclass(frozen=True)
class Settings:
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 5055
    data_dir: Path = Path("var")
    operator: str = "Alborada"
    backend_url: str = ""
    """Empty: the embedded demo operator."""
    backend_token: str = field(default="", repr=False)
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Madrid"))
    terms: ComplaintTerms = field(default_factory=ComplaintTerms)
    database_url: str = field(default="", repr=False)
    shows_texts: bool = False
    """Only in the demo: the text messages that nobody's phone gets can be read at `/demo/texts`."""

    def today(self) -> date:
        """The operator's date."""
        return datetime.now(self.timezone).date()

    @property
    def identification_database(self) -> str:
        """The SQLAlchemy URL of what must outlive a restart; a SQLite file under `data_dir` without PostgreSQL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'identification.db'}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Raises SettingsError rather than start with something unsafe."""
        backend_url, backend_token = _backend(environment)
        return cls(
            secret=_secret(environment.get("RELEVO_SECRET", "")),
            host=_private_host(environment.get("ACTIONS_HOST") or cls.host),
            port=_whole_number(environment, "ACTIONS_PORT", cls.port, highest=65535),
            data_dir=Path(environment.get("DATA_DIR") or cls.data_dir),
            backend_url=backend_url,
            backend_token=backend_token,
            operator=environment.get("OPERATOR_NAME") or cls.operator,
            timezone=_timezone(environment.get("OPERATOR_TIMEZONE") or "Europe/Madrid"),
            terms=ComplaintTerms(
                general_days=_whole_number(environment, "COMPLAINT_DAYS", ComplaintTerms.general_days, highest=365),
                undue_charge_days=_whole_number(
                    environment, "COMPLAINT_DAYS_UNDUE_CHARGE", ComplaintTerms.undue_charge_days, highest=365
                ),
            ),
            database_url=_postgresql_url(environment.get("DATABASE_URL") or ""),
            shows_texts=environment.get("RELEVO_DEMO_LOGIN") == "true",
        )


def _secret(secret: str) -> str:
    if len(secret) < SECRET_MIN_LENGTH:
        raise SettingsError(
            f"RELEVO_SECRET must be set to the parts' shared secret of at least {SECRET_MIN_LENGTH} characters"
        )
    return secret


def _postgresql_url(url: str) -> str:
    """In the words of the driver that Rasa's environment has; nothing for SQLite, whose files have one owner each."""
    scheme, separator, rest = url.partition("://")
    if not url or scheme.startswith("sqlite"):
        return ""
    if scheme.split("+")[0] in ("postgresql", "postgres"):
        return f"postgresql+psycopg2{separator}{rest}"
    raise SettingsError("DATABASE_URL must be a SQLite or PostgreSQL URL")


def _private_host(host: str) -> str:
    """An address that only this machine or a private network reaches.

    A private network, like 172.30.77.0/24, stands for the address that this machine has in it: a container can't know
    its own before it starts.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = _own_address_in(host) if "/" in host else ip_address(host)
    except ValueError:
        raise SettingsError(f"ACTIONS_HOST must be an IP address, a network or localhost, not {host!r}") from None
    if address.is_unspecified or not (address.is_private or address.is_loopback):
        raise SettingsError(f"ACTIONS_HOST must be 127.0.0.1 or a private address: {host} can be reached from outside")
    return str(address)


def _is_private(network: IPv4Network | IPv6Network) -> bool:
    """Whether all of it is: to `ipaddress`, what begins and ends in a private network is private in between."""
    return any(network.version == each.version and network.subnet_of(each) for each in _PRIVATE)


def _own_address_in(written: str) -> IPv4Address | IPv6Address:
    """This machine's address in the network, found by the way there; nothing is sent."""
    network = ip_network(written)
    family = socket.AF_INET if network.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(next(iter(network.hosts()))), 9))
        except OSError:
            own = None
        else:
            own = ip_address(probe.getsockname()[0])
    if own is None or own not in network or not _is_private(network):
        raise SettingsError(f"ACTIONS_HOST={written}: no private network in which this machine is")
    return own


def _backend(environment: Mapping[str, str]) -> tuple[str, str]:
    """Both or neither: real customers must never be told the demo operator's figures by mistake."""
    url, token = (environment.get(name, "").strip() for name in ("BACKEND_URL", "BACKEND_TOKEN"))
    if not url and not token:
        return "", ""
    if not url:
        raise SettingsError("BACKEND_TOKEN is set without BACKEND_URL, the address of the billing system")
    if not _is_base_address(url):
        raise SettingsError("BACKEND_URL must be an http:// or https:// address, like https://billing.example.com/api")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError("BACKEND_TOKEN must be the bearer token that the billing system at BACKEND_URL asks for")
    return url, token


def _is_base_address(url: str) -> bool:
    """Whether paths can be put behind it. A user and password in it would end up in error messages."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port and is_plain


def _whole_number(environment: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= highest:
        raise SettingsError(f"{name} must be a whole number from 1 to {highest}, not {text!r}")
    return int(text)


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(f"OPERATOR_TIMEZONE is no known time zone: {name!r}") from None
