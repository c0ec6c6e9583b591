"""The operator's commands, `COMMANDS`: each prints JSON and returns the exit status."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from handoff_service.desks.agents import digest_of
from handoff_service.privacy import erasing, records
from handoff_service.privacy.outside import HoldsUnknown, NotForgotten
from handoff_service.privacy.records import Subject
from handoff_service.settings import Settings
from handoff_service.store.database import Transaction, read_once, write_once
from handoff_service.switchboard import audit, data_orders, revocations

DONE, BROKEN, NOBODY, HELD = 0, 1, 3, 4

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


def _retention(settings: Settings, given: argparse.Namespace) -> int:
    """Print what has outlived its period, and with `--apply` erase it."""
    if not given.apply:
        found = erasing.due(settings)
        counted = {"conversations": len(found.conversations), "files": len(found.files)}
        complaints = "not checked" if found.complaints is None else found.complaints
        held = {"held": found.held, "held_by_complaints": complaints}
        _print({"would_erase": {**counted, "inbox": found.inbox}, **held})
        return DONE
    return _unless_unknown(lambda: _print(erasing.retain(settings, getpass.getuser())))


def _export(settings: Settings, given: argparse.Namespace) -> int:
    """Print everything that is kept of a customer or a conversation; 3 where there is nobody of that id."""
    subject = _subject(settings, given.who)
    if subject is None:
        return NOBODY
    _print(erasing.exported(settings, subject, getpass.getuser()))
    return DONE


def _erase(settings: Settings, given: argparse.Namespace) -> int:
    """Erase a customer or a conversation and print a receipt; 4, and nothing erased, while a case is open."""
    subject = _subject(settings, given.who)
    if subject is None:
        return NOBODY
    held: list[str] = []

    def erase() -> None:
        held.extend(erasing.held(settings, subject))
        if held:
            _print({"held": held, "why": "An open handoff or complaint holds it: it must be closed first."})
        else:
            _print(erasing.erase(settings, subject, getpass.getuser()))

    status = _unless_unknown(erase)
    return HELD if held else status


def _orders(settings: Settings, given: argparse.Namespace) -> int:
    """Print what customers ordered in the chat, a row per line, with what is left to be done by hand."""
    read_once(settings.database, _print_orders)
    return DONE


def _revoke(settings: Settings, given: argparse.Namespace) -> int:
    """Let an agent's present token open nothing any more, or restore it; then print every agent with their standing."""
    digests = {name: digest_of(token) for name, token in settings.tokens_by_agent().items()}
    name = given.restore or given.name
    if name is not None:
        if name not in digests:
            sys.stderr.write(f"AGENT_TOKENS names nobody called {name}; it names: {', '.join(digests) or 'nobody'}.\n")
            return NOBODY
        change = revocations.restore if given.restore else revocations.revoke
        write_once(settings.database, change, name, digests[name], getpass.getuser())
    since = read_once(settings.database, revocations.revoked_since)
    for each, digest in digests.items():
        _print({"agent": each, "revoked_at": since.get(digest)})
    return DONE


def _print_orders(tx: Transaction) -> None:
    for order in data_orders.all_of_them(tx):
        _print(order)


def _subject(settings: Settings, who: str) -> Subject | None:
    subject = read_once(settings.database, records.find, who)
    if subject is None:
        sys.stderr.write("There is no customer and no conversation of this id.\n")
    return subject


def _unless_unknown(work: Callable[[], None]) -> int:
    try:
        work()
    except HoldsUnknown:
        sys.stderr.write("Nothing was erased: whether a complaint is open can't be known while the action server, ")
        sys.stderr.write("or the billing system behind it, does not answer.\n")
        return BROKEN
    except NotForgotten:
        sys.stderr.write("The assistant does not answer, so that its memory can't be erased. Start it and try again.\n")
        return BROKEN
    return DONE


def _print_audit(tx: Transaction) -> None:
    for entry in audit.entries(tx):
        _print(asdict(entry))


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m handoff_service")
    commands = parser.add_subparsers(dest="command", required=True)
    log = commands.add_parser("audit", help="who read, took, resolved, exported, erased")
    log.add_argument("--verify", action="store_true", help="check that no row was changed, removed or put in")
    log.add_argument("--head", help="a digest noted earlier, which must still be in the chain")
    kept = commands.add_parser("retention", help="erase what has outlived its period")
    how = kept.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="only count it")
    how.add_argument("--apply", action="store_true", help="erase it")
    commands.add_parser("orders", help="what customers asked for in the chat, and what is left to do by hand")
    for name, what in (("export", "print what is kept of somebody"), ("erase", "erase somebody, with a receipt")):
        commands.add_parser(name, help=what).add_argument("who", help="a customer's or a conversation's id")
    token = commands.add_parser("revoke", help="let an agent's token open nothing any more; without a name, list them")
    whose = token.add_mutually_exclusive_group()
    whose.add_argument("name", nargs="?", help="the agent, as in AGENT_TOKENS")
    whose.add_argument("--restore", metavar="NAME", help="let it open the desk again")
    return parser


COMMANDS: dict[str, Command] = {
    "audit": _audit,
    "retention": _retention,
    "export": _export,
    "erase": _erase,
    "orders": _orders,
    "revoke": _revoke,
}
