"""A real PostgreSQL for tests: the server that TEST_DATABASE_URL names, else one started from the programs at hand."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from tests.doubles.service import free_port


def _programs() -> Path | None:
    """The folder with initdb and postgres, on PATH or where Debian keeps them."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += [Path(path).parent for path in sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)]
    return folders[0] if folders else None


def _as_nobody_special(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextlib.contextmanager
def server(log: Path = Path(os.devnull)) -> Iterator[str]:
    """The URL of a server in which databases can be made; skips without one, fails without one in CI."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs = _programs()
    if programs is None:
        reason = "no PostgreSQL programs found; install postgresql, or set TEST_DATABASE_URL"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    # Not below pytest's folder: each pytest that begins takes it from everybody but its own user.
    with tempfile.TemporaryDirectory(prefix="relevo-postgres-") as folder, _started(programs, Path(folder), log) as url:
        yield url


@contextlib.contextmanager
def _started(programs: Path, folder: Path, log: Path) -> Iterator[str]:
    data, port = folder / "pg", free_port()
    data.mkdir()
    if os.geteuid() == 0:
        folder.chmod(0o755)
        shutil.chown(data, "postgres")
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "relevo", "-A", "trust", "-N", "-E", "UTF8"]
    subprocess.run(_as_nobody_special(initdb), check=True, stdout=subprocess.DEVNULL, cwd="/")
    options = ["-p", str(port), "-k", str(data), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    command = _as_nobody_special([str(programs / "postgres"), "-D", str(data), *options])
    with log.open("wb") as said:
        child = subprocess.Popen(command, stderr=said, cwd="/")
    try:
        url = f"postgresql+psycopg://relevo@127.0.0.1:{port}/postgres"
        _wait_for(url)
        yield url
    finally:
        child.terminate()
        child.wait(20)


def _wait_for(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    for _ in range(300):
        try:
            with engine.connect():
                engine.dispose()
                return
        except sqlalchemy.exc.OperationalError:
            time.sleep(0.1)
    raise TimeoutError("PostgreSQL does not answer")


def new_database(url: str, name: str) -> str:
    """An empty database in this server, and its URL."""
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)
