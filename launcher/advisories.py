"""What an OSV database knows against the releases that a lock pins."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = "https://api.osv.dev"
KNOWN_BAD = ("jinja2", "2.4.1")  # whoever knows nothing against this release knows nothing
SECONDS = 10.0
LARGEST_QUESTION = 500  # releases; the protocol takes a thousand

Pin = tuple[str, str]


class Unreachable(Exception):
    """Nobody could be asked, or whoever answered knows nothing; the message says which."""


@dataclass(frozen=True)
class Advisory:
    """Something known against a release. `names` are all the ids it goes by."""

    package: str
    version: str
    id: str
    names: frozenset[str]
    summary: str


@dataclass(frozen=True)
class Accepted:
    """What was looked at and lived with: by lock, the ids."""

    ids: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> Accepted:
        """A line each: lock, id, reason. A line without a reason is a mistake."""
        lines = [line.split(None, 2) for line in path.read_text().splitlines() if line and not line.startswith("#")]
        if any(len(line) < 3 for line in lines):
            raise ValueError(f"{path.name}: each line needs a lock, an id and a reason")
        return cls(frozenset((lock, name) for lock, name, _ in lines))

    def covers(self, lock: str, advisory: Advisory) -> bool:
        """Whether this was accepted under any of its names."""
        return any((lock, name) in self.ids for name in advisory.names)


def pins_of(lock: str) -> list[Pin]:
    """Every release that a lock names, for whatever system or Python."""
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE)))


def advisories_against(pins: Sequence[Pin], source: str = SOURCE) -> list[Advisory]:
    """All that is known against these releases. Raises `Unreachable` also where a known bad one isn't found."""
    found: list[Advisory] = []
    for start in range(0, len(pins), LARGEST_QUESTION):
        part = [KNOWN_BAD, *pins[start : start + LARGEST_QUESTION]]
        queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in part]
        results = _ask(f"{source}/v1/querybatch", {"queries": queries}).get("results", [])
        if len(results) != len(part) or not results[0].get("vulns"):
            raise Unreachable(f"{source} knows nothing against {' '.join(KNOWN_BAD)}, which is known to be bad")
        for (name, version), result in zip(part[1:], results[1:]):
            found += [_advisory(name, version, each["id"], source) for each in result.get("vulns", [])]
    return found


def _advisory(name: str, version: str, advisory_id: str, source: str) -> Advisory:
    told = _ask(f"{source}/v1/vulns/{advisory_id}")
    names = frozenset([advisory_id, *told.get("aliases", [])])
    return Advisory(name, version, advisory_id, names, str(told.get("summary", "")))


def _ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"})  # noqa: S310 - as given
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the same
            told = json.load(answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{url.split('/v1/')[0]} gives no answer ({type(error).__name__})") from None
    if not isinstance(told, dict):
        raise Unreachable(f"{url.split('/v1/')[0]} gives no answer of this kind")
    return told
