"""A real PostgreSQL for the memory's tests: the server that TEST_DATABASE_URL names, else one started here."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import make_url

from tests.bot.project import free_port


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a server in which databases can be made."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="relevo-postgres-") as folder, _started(Path(folder)) as url:
        yield url


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[str]:
    programs = _programs()
    data, port = folder / "pg", free_port()
    data.mkdir()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        folder.chmod(0o755)
        shutil.chown(data, "postgres")
    initdb = [programs / "initdb", "-D", data, "-U", "relevo", "-A", "trust", "-N", "-E", "UTF8"]
    subprocess.run(_not_as_root(initdb), check=True, stdout=subprocess.DEVNULL, cwd="/")
    options = ["-p", str(port), "-k", data, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    server = subprocess.Popen(
        _not_as_root([programs / "postgres", "-D", data, *options]), stderr=subprocess.DEVNULL, cwd="/"
    )
    try:
        url = f"postgresql://relevo@127.0.0.1:{port}/postgres"
        _wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def new_database(server: str) -> str:
    """An empty database in this server, and its URL."""
    name = f"memory-{uuid.uuid4().hex[:8]}"
    engine = sqlalchemy.create_engine(_url(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return _url(server).set(database=name).render_as_string(hide_password=False)


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += [Path(path).parent for path in sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)]
    return folders[0]


def _not_as_root(command: list[str | Path]) -> list[str | Path]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _url(server: str) -> sqlalchemy.engine.URL:
    return make_url(server).set(drivername="postgresql+psycopg2")


def _wait_for(server: str) -> None:
    engine = sqlalchemy.create_engine(_url(server))
    for _ in range(300):
        try:
            with engine.connect():
                engine.dispose()
                return
        except sqlalchemy.exc.OperationalError:
            time.sleep(0.1)
    raise TimeoutError("PostgreSQL does not answer")
