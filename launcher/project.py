"""Where things stand, and how a person at the keyboard is told what they can mend."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Problem(Exception):
    """Something the person who typed the command can mend; the text says what and how."""


class Stopped(Exception):
    """The person who typed the command wants it to end."""
