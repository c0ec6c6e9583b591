"""The secrets that nobody should have to invent: made once, kept in DATA_DIR for its owner's eyes only."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from launcher.project import Problem

FILE = "secrets.json"
FIRST_AGENT = "Alex"
SHORTEST_SECRET = 32
MAKERS = {
    "RELEVO_SECRET": lambda: secrets.token_urlsafe(48),
    "WIDGET_IDENTITY_SECRET": lambda: secrets.token_urlsafe(48),
    "AGENT_TOKENS": lambda: f"{FIRST_AGENT}:{secrets.token_urlsafe(32)}",
}


def complete(given: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """What is given, with every secret that is missing: the one kept in DATA_DIR, or a new one that is kept there."""
    check(given)
    missing = [name for name in MAKERS if not given.get(name)]
    kept = _kept(data_dir / FILE)
    new = {name: MAKERS[name]() for name in missing if name not in kept}
    if new:
        kept.update(new)
        _keep(kept, data_dir / FILE)
    return {**given, **{name: kept[name] for name in missing}}


def check(given: Mapping[str, str]) -> None:
    """A Problem if a given secret is too short to be one."""
    if 0 < len(given.get("RELEVO_SECRET", "")) < SHORTEST_SECRET:
        raise Problem(f"RELEVO_SECRET must have at least {SHORTEST_SECRET} characters; without one, one is made.")


def first_token(agent_tokens: str) -> str:
    """The token of the first `name:token` pair."""
    return agent_tokens.split(",")[0].partition(":")[2].strip()


def _kept(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        path.chmod(0o600)
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{path} cannot be read ({type(error).__name__}). Remove it to have new secrets made.") from None
    if not isinstance(kept, dict):
        raise Problem(f"{path} is not what was written there. Remove it to have new secrets made.")
    return {name: value for name, value in kept.items() if isinstance(value, str) and value}


def _keep(values: Mapping[str, str], path: Path) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(values, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
