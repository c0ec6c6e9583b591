"""The operator's commands on the record: `audit`. Each prints JSON and returns the process's exit status."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from handoff_service.settings import Settings
from handoff_service.store.database import Transaction, read_once
from handoff_service.switchboard import audit

DONE, BROKEN = 0, 1

Command = Callable[[Settings, argparse.Namespace], int]


def run(settings: Settings, arguments: Sequence[str]) -> int:
    """Carry out one of `COMMANDS`; argparse explains a wrong call and ends with 2."""
    given = _parser().parse_args(arguments)
    return COMMANDS[given.command](settings, given)


def _audit(settings: Settings, given: argparse.Namespace) -> int:
    """Print the log a row per line, or check its chain: 1 and the number of the first wrong row where it breaks."""
    if not given.verify:
        read_once(settings.database, _print_audit)
        return DONE
    found = read_once(settings.database, audit.verify, given.head)
    _print(asdict(found))
    return DONE if found.broken_at is None else BROKEN


def _print_audit(tx: Transaction) -> None:
    for entry in audit.entries(tx):
        _print(asdict(entry))


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m handoff_service")
    commands = parser.add_subparsers(dest="command", required=True)
    log = commands.add_parser("audit", help="who read, took, resolved, exported, erased")
    log.add_argument("--verify", action="store_true", help="check that no row was changed, removed or put in")
    log.add_argument("--head", help="a digest noted earlier, which must still be in the chain")
    return parser


COMMANDS: dict[str, Command] = {"audit": _audit}
