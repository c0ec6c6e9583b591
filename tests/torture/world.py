"""One world: the service's processes on one database, the platforms and the assistant beside them."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.doubles.http import HTTP
from tests.doubles.service import DATABASE, SECRET, Process, Service, free_port
from tests.emulators.slack import SlackWorkspace, slack_process
from tests.emulators.telegram.client import TelegramWorld
from tests.torture.nursery import Birth, Fate, Nursery, is_alive

GRACE = 0.8  # seconds until a lost call to Slack can land no more; the emulator's late ones take half of it
SERVING_WITHIN = 30.0
ON_CONSOLE, ON_SLACK = ("Ana", "Luis", "Marga"), ("Carla", "Diego", "Elena", "Fran")


@dataclass
class Replica:
    """One process of the service, however often it dies."""

    nursery: Nursery
    environment: dict[str, str]
    log: Path
    fate: Fate = field(default_factory=Fate)  # of every start
    pid: int = 0
    kills: int = 0
    freezes: int = 0
    is_frozen: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def start(self) -> None:
        self.pid = self.nursery.bear(Birth(self.environment, str(self.log), self.fate))

    def kill(self) -> None:
        """SIGKILL; returns when nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.nursery.bury(self.pid)
        self.is_frozen = False

    def freeze(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGSTOP)
            self.is_frozen = True
            self.freezes += 1

    def thaw(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)
        self.is_frozen = False

    def is_alive(self) -> bool:
        return bool(self.pid) and is_alive(self.pid)

    def is_serving(self) -> bool:
        try:
            return HTTP.get(f"{self.url}/healthz", timeout=0.5).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def until_serving(self, seconds: float = SERVING_WITHIN) -> float:
        """How long it took; raises when it dies or takes too long."""
        began = time.monotonic()
        while not self.is_serving():
            if not self.is_alive():
                raise RuntimeError(f"the service ended while it started; {self.log} says why")
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"the service does not serve within {seconds} s")
            time.sleep(0.01)
        return time.monotonic() - began


@dataclass
class World:
    """Everything that one run needs, and the way to each part."""

    seed: int
    directory: Path
    database_url: str
    slack: SlackWorkspace
    telegram: TelegramWorld
    assistant_url: str
    nursery: Nursery
    channel: str
    users: dict[str, str]  # of the agents on Slack, by name
    replicas: list[Replica] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed + 1)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the record."""
        return self.database_url or f"sqlite:///{self.directory / 'var' / DATABASE}"

    @property
    def logs(self) -> str:
        return "".join(replica.log.read_text("utf-8", "replace") for replica in self.replicas if replica.log.exists())

    def url(self) -> str:
        """Where the next connection goes, as a balancer would choose: some replica that runs, if any does."""
        running = [replica for replica in self.replicas if replica.is_alive() and not replica.is_frozen]
        return self._dice.choice(running or self.replicas).url

    def control_assistant(self, **values: Any) -> None:
        HTTP.post(f"{self.assistant_url}/control", json=values).raise_for_status()

    def everything_well(self) -> None:
        """No fault any more, on any side."""
        self.slack.clear_faults()
        self.slack.up()
        self.slack.silence_sockets(False)
        self.telegram.faults.clear()
        self.control_assistant(mode="well", delay=0.0)


DESK_FILE = "agents:\n" + "".join(f"  {name}:\n    slack: {{{name}}}\n" for name in ON_SLACK)


@contextlib.contextmanager
def new_world(
    directory: Path, seed: int = 0, database_url: str = "", replicas: int = 1, cold: bool = False, **settings: str
) -> Iterator[World]:
    """A world that stands, its service not started yet; nothing of it is left afterwards."""
    directory.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack, _said_to(directory / "platforms.log"):
        slack = stack.enter_context(slack_process(seed=seed))
        telegram = stack.enter_context(TelegramWorld.as_process(seed=seed))
        nursery = stack.enter_context(Nursery(cold))
        users = {name: slack.add_person(name) for name in ON_SLACK}
        channel = slack.add_channel("queue", members=list(users.values()))
        slack.configure(retry_seconds=(0.0, 0.7, 1.5), ack_seconds=1.5)
        (directory / "desk.yml").write_text(DESK_FILE.format(**users), encoding="utf-8")
        port = free_port()
        assistant = Process(["-m", "tests.doubles.assistant", str(port), SECRET], {})
        stack.callback(assistant.kill)
        assistant.start()
        world = World(
            seed=seed,
            directory=directory,
            database_url=database_url,
            slack=slack,
            telegram=telegram,
            assistant_url=f"http://127.0.0.1:{port}",
            nursery=nursery,
            channel=channel,
            users=users,
        )
        environment = {**_settings(world), **settings}
        for number in range(replicas):
            service = Service(directory / "var", **environment)
            if not number:
                service.migrate()
            world.replicas.append(Replica(nursery, service.environment, directory / f"service-{number}.log"))
            stack.callback(world.replicas[-1].kill)
        _until_answering(f"{world.assistant_url}/health")
        yield world


@contextlib.contextmanager
def _said_to(path: Path) -> Iterator[None]:
    """What children complain of goes to this file: that a client died under them is what the test is about."""
    kept = os.dup(2)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(log)


def _settings(world: World) -> dict[str, str]:
    return {
        "RASA_URL": world.assistant_url,
        "ACTIONS_URL": world.assistant_url,
        "DATABASE_URL": world.database_url,
        "AGENT_TOKENS": ",".join(f"{name}:token-of-{name.lower()}" for name in (*ON_CONSOLE, *ON_SLACK)),
        "DESK_FILE": str(world.directory / "desk.yml"),
        "WIDGET_CONNECTIONS_PER_ADDRESS": "0",
        "SLACK_BOT_TOKEN": world.slack.bot_token,
        "SLACK_APP_TOKEN": world.slack.app_token,
        "SLACK_CHANNEL": world.channel,
        "SLACK_API_URL": world.slack.api_url,
        "SLACK_GRACE_SECONDS": str(GRACE),
        "SLACK_PACE_SECONDS": "0.02",
        "SLACK_REREAD_SECONDS": "2",
        "TELEGRAM_BOT_TOKEN": world.telegram.token,
        "TELEGRAM_API_URL": world.telegram.base_url,
    }


def _until_answering(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            HTTP.get(url, timeout=1)
            return
        time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")
