"""Which files are topic files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

TOPICS = "topics"


def topic_files(paths: str | Sequence[str] | None) -> list[Path]:
    """The topic files: everything under a `topics` folder of the data, or under the data where it has none."""
    given = [paths] if isinstance(paths, str) else list(paths or [])
    found: set[Path] = set()
    for path in map(Path, given):
        root = path / TOPICS if (path / TOPICS).is_dir() else path
        found.update(root.rglob("*.yml") if root.is_dir() else [root])
    return sorted(found)
