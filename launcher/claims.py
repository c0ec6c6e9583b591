"""What only one launcher at a time may have: a DATA_DIR, the environments, the ports."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launcher.project import Problem
from launcher.signals import Signals

PORT_MAY_LINGER = 3.0
LOCK = "launcher.lock"


@contextmanager
def data_dir(path: Path) -> Iterator[None]:
    """Make the directory and have it alone, for as long as the process lives."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Problem(f"DATA_DIR {path} cannot be used: {error.strerror}.") from None
    try:
        if not _locked(file):
            raise Problem(
                f"Relevo is already running with the state in {path} (process {os.read(file, 32).decode()}).\n"
                "End that one first, or give this one a DATA_DIR, PORT, RASA_PORT and ACTIONS_PORT of its own."
            )
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        os.close(file)


def is_taken(path: Path) -> bool:
    """Whether a launcher runs with the directory."""
    try:
        file = os.open(path / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _locked(file)
    finally:
        os.close(file)


@contextmanager
def turn_to_install(environments: Path, signals: Signals) -> Iterator[None]:
    """Wait until no other launcher installs into the environments."""
    environments.mkdir(parents=True, exist_ok=True)
    file = os.open(environments / ".installing", os.O_RDWR | os.O_CREAT, 0o600)
    told = False
    try:
        while not _locked(file):
            if not told:
                print("Another command is installing; waiting for it …", flush=True)
            told = True
            signals.pause(0.5)
        yield
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True


def require_free_ports(listeners: Mapping[str, tuple[str, int]], signals: Signals) -> None:
    """A Problem that names the first port another program has, after a moment for one that is just ending."""
    give_up = time.monotonic() + PORT_MAY_LINGER
    while (busy := busy_listeners(listeners)) and time.monotonic() < give_up:
        signals.pause(0.25)
    if busy:
        name, reason = next(iter(busy.items()))
        host, port = listeners[name]
        raise Problem(
            f"Cannot listen on {host}, port {port}: {reason}.\n"
            f"End the other program, or choose another port: {name}={port + 10} make run (or in .env)."
        )


def busy_listeners(listeners: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """Why one cannot listen there, by setting; those where one can are left out."""
    reasons = {name: _reason(*address) for name, address in listeners.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def _reason(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return "another program has it" if error.errno == errno.EADDRINUSE else str(error.strerror or error).lower()
    return None
