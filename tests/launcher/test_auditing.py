"""The checks of `make audit` find what they are there to find, and say so where they could not look."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from launcher import auditing
from launcher.advisories import KNOWN_BAD, Accepted, Unreachable, advisories_against, pins_of
from launcher.project import ROOT

LOCK = """# made
aiohttp==3.9.1 \\
    --hash=sha256:00
numpy==1.22.3 ; python_version < '3.11' \\
    --hash=sha256:11
numpy==2.0.0 ; python_version >= '3.11' \\
    --hash=sha256:22
"""


class Database:
    """A stand-in for an OSV database over HTTP."""

    def __init__(self, known: dict[tuple[str, str], str]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
                keys = [(query["package"]["name"], query["version"]) for query in asked]
                self._answer({"results": [{"vulns": [{"id": known[key]}]} if key in known else {} for key in keys]})

            def do_GET(self) -> None:
                self._answer({"id": "X", "aliases": [f"CVE-of-{self.path.rpartition('/')[2]}"], "summary": "bad"})

            def _answer(self, body: Any) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database({KNOWN_BAD: "OLD-1", ("aiohttp", "3.9.1"): "GHSA-1"})
    yield made
    made.server.shutdown()


def test_every_release_that_a_lock_names_is_asked_about() -> None:
    assert pins_of(LOCK) == [("aiohttp", "3.9.1"), ("numpy", "1.22.3"), ("numpy", "2.0.0")]
    for name in ("rasa", "services", "tests"):
        assert len(pins_of((ROOT / "requirements" / f"{name}.txt").read_text())) > 30


def test_what_is_known_against_a_release_is_found_under_all_its_names(database: Database) -> None:
    (found,) = advisories_against(pins_of(LOCK), database.url)
    assert (found.package, found.version, found.names) == ("aiohttp", "3.9.1", {"GHSA-1", "CVE-of-GHSA-1"})
    assert Accepted(frozenset({("rasa", "CVE-of-GHSA-1")})).covers("rasa", found)
    assert not Accepted(frozenset({("rasa", "CVE-of-GHSA-1")})).covers("services", found)


def test_a_database_that_knows_nothing_bad_is_no_database() -> None:
    ignorant = Database({})
    with pytest.raises(Unreachable, match="known to be bad"):
        advisories_against(pins_of(LOCK), ignorant.url)
    ignorant.server.shutdown()


def test_where_nobody_can_be_asked_it_says_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert auditing.advisories("http://127.0.0.1:9")
    assert "NOT CHECKED" in capsys.readouterr().out


def test_something_new_fails_and_what_was_accepted_does_not(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "rasa.in").touch()
    (tmp_path / "requirements" / "rasa.txt").write_text(LOCK)
    accepted = tmp_path / "accepted.txt"
    accepted.write_text("# none\n")
    monkeypatch.setattr(auditing, "ROOT", tmp_path)
    monkeypatch.setattr(auditing, "ACCEPTED", accepted)
    assert not auditing.advisories(database.url)
    assert "aiohttp 3.9.1: GHSA-1" in capsys.readouterr().out
    accepted.write_text("rasa CVE-of-GHSA-1 not reachable\n")
    assert auditing.advisories(database.url)
    accepted.write_text("rasa CVE-of-GHSA-1\n")
    with pytest.raises(ValueError, match="reason"):
        auditing.advisories(database.url)


def test_a_secret_in_a_file_is_found_and_a_folder_without_files_is_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / auditing.BASELINE, tmp_path / auditing.BASELINE)
    assert not auditing.secrets(tmp_path)
    (tmp_path / "a.py").write_text("clean = 1\n")
    (tmp_path / "b.py").write_text("clean = 2\n")
    for command in (["git", "init", "-q"], ["git", "add", "a.py", "b.py"]):
        subprocess.run(command, cwd=tmp_path, check=True)
    assert auditing.secrets(tmp_path)
    (tmp_path / "b.py").write_text(f'key = "{"-".join(("xoxb", "998877665544", "112233445566", "Zy9X" * 6))}"\n')
    assert not auditing.secrets(tmp_path)
    assert "b.py" in capsys.readouterr().out


def test_a_bill_lists_what_a_lock_pins() -> None:
    assert auditing.bills(ROOT)
    bill = json.loads((auditing.RESULTS / "sbom-services.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert {"fastapi", "uvicorn"} <= {component["name"] for component in bill["components"]}
