"""The images' own commands, started in a folder that holds what the Dockerfile copies and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.deploy.images import ROOT, Stage, stages
from tests.doubles.http import HTTP
from tests.doubles.service import IDENTITY_SECRET, SECRET, free_port
from tests.patience import patient
from tests.rasa_run import PYTHON as RASA

INHERITED = ("PATH", "LANG", "LD_LIBRARY_PATH", "TZ")


class Container:
    """An image without Docker: its files, its environment, its command, with another Python and other ports."""

    def __init__(self, name: str, folder: Path, python: str, settings: Mapping[str, str]) -> None:
        self.stage: Stage = stages(ROOT / "deploy" / f"{name}.Dockerfile")[-1]
        self.app = self.stage.lay_out(folder / "app")
        self.python = python
        (folder / "data").mkdir()
        built_in = {key: value for key, value in self.stage.environment.items() if key != "PATH"}
        self.environment = {
            **{key: os.environ[key] for key in INHERITED if key in os.environ},
            **built_in,
            "HOME": str(folder),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
            "DATA_DIR": str(folder / "data"),
            "RELEVO_SECRET": SECRET,
            **settings,
        }
        self.log = folder / "log"

    def files(self) -> set[Path]:
        return {path.relative_to(self.app) for path in self.app.rglob("*")}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command to its end; the first word is `python`, as in the image."""
        assert arguments[0] == "python"
        return subprocess.run(
            [self.python, *arguments[1:]],
            cwd=self.app,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=patient(60),
        )

    def is_well(self, part: str) -> bool:
        return self.run("python", "-m", "deploy.healthcheck", part).returncode == 0

    @contextmanager
    def running(self, command: list[str], part: str, seconds: float = 60.0) -> Iterator[None]:
        """Started, and well by its own health check; told to end afterwards, within the drain time."""
        assert not self.is_well(part)
        with self.log.open("w") as log:
            child = subprocess.Popen(
                [self.python, *command[1:]], cwd=self.app, env=self.environment, stdout=log, stderr=log
            )
        try:
            give_up = time.monotonic() + patient(seconds)
            while not self.is_well(part):
                assert child.poll() is None and time.monotonic() < give_up, self.log.read_text()
                time.sleep(0.1)
            yield
            child.terminate()
            child.wait(patient(15))
        finally:
            child.kill()
            child.wait()


def test_the_service_starts_from_its_image_and_writes_nothing_beside_its_data(tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "AGENT_TOKENS": "Ana:token-of-ana",
        "WIDGET_IDENTITY_SECRET": IDENTITY_SECRET,
        "RELEVO_DEMO_LOGIN": "true",
        "TELEGRAM_BOT_TOKEN": "",
        "RASA_URL": "http://127.0.0.1:9",
        "ACTIONS_URL": "http://127.0.0.1:9",
    }
    service = Container("service", tmp_path, sys.executable, settings)
    migrated = service.run("python", "-m", "handoff_service", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    before = service.files()
    with service.running(service.stage.command, "service"):
        shown = {path: _status(f"http://127.0.0.1:{port}{path}") for path in _pages()}
        assert shown == dict.fromkeys(_pages(), 200)
        parts = HTTP.get(f"http://127.0.0.1:{port}/readyz").json()["parts"]
        assert parts["database"] == "ok"
    assert service.files() == before
    assert (tmp_path / "data" / "relevo.db").exists()


def _pages() -> list[str]:
    return ["/", "/console", "/console/static/main.js", "/widget.js", "/metrics", "/openapi.json", "/demo/config"]


def _status(url: str) -> int:
    try:
        return HTTP.get(url, timeout=patient(10)).status_code
    except httpx.HTTPError:
        return 0


def test_the_action_server_starts_from_its_image_on_a_network_given_by_name(tmp_path: Path) -> None:
    port = free_port()
    settings = {"ACTIONS_HOST": "127.0.0.0/8", "ACTIONS_PORT": str(port)}
    actions = Container("assistant", tmp_path, str(RASA), settings)
    before = actions.files()
    with actions.running(["python", "-m", "actions"], "actions"):
        answer = HTTP.get(f"http://127.0.0.1:{port}/health", headers={"Authorization": f"Bearer {SECRET}"})
        assert answer.json() == {"status": "ok", "backend": "ok"}
        assert HTTP.get(f"http://127.0.0.1:{port}/alive").status_code == 401
    assert actions.files() == before


def test_both_refuse_every_interface_and_a_missing_secret(tmp_path: Path) -> None:
    settings = {"ACTIONS_HOST": "0.0.0.0", "RASA_INTERFACE": "0.0.0.0"}
    image = Container("assistant", tmp_path, str(RASA), settings)
    assert [image.run("python", "-m", each).returncode for each in ("actions", "bot.run")] == [2, 2]
    image.environment.update({"ACTIONS_HOST": "127.0.0.1", "RASA_INTERFACE": "127.0.0.1", "RELEVO_SECRET": ""})
    assert [image.run("python", "-m", each).returncode for each in ("actions", "bot.run")] == [2, 2]


@pytest.mark.slow
def test_the_assistant_starts_from_its_image_with_a_model(tmp_path: Path) -> None:
    models = sorted((ROOT / "models").glob("relevo-*.tar.gz.sha256"), key=lambda path: path.stat().st_mtime)
    if not models:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no model is trained yet: make train")
    port = free_port()
    settings = {"RASA_INTERFACE": "127.0.0.0/8", "RASA_PORT": str(port)}
    assistant = Container("assistant", tmp_path, str(RASA), settings)
    (assistant.app / "models").mkdir()
    for path in (models[-1].with_suffix(""), models[-1]):
        (assistant.app / "models" / path.name).symlink_to(path.resolve())
    before = assistant.files()
    with assistant.running(assistant.stage.command, "assistant", seconds=180):
        health = HTTP.get(
            f"http://127.0.0.1:{port}/webhooks/relevo/health", headers={"Authorization": f"Bearer {SECRET}"}
        )
        assert health.json()["status"] == "ok"
    assert assistant.files() == before
    assert (tmp_path / "data" / "memory.db").exists()
