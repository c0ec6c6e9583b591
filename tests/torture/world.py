"""One world: the service's processes on one database, the platforms and the assistant beside them."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.doubles.service import DATABASE, Service
from tests.emulators.slack import SlackWorkspace, slack_process
from tests.emulators.telegram.client import TelegramWorld
from tests.torture.assistants import Assistant, real_assistant, stand_in
from tests.torture.nursery import Nursery
from tests.torture.replica import Replica

GRACE = 0.8  # seconds until a lost call to Slack can land no more; the emulator's late ones take half of it
ON_CONSOLE, ON_SLACK = ("Ana", "Luis", "Marga"), ("Carla", "Diego", "Elena", "Fran")


@dataclass
class World:
    """Everything that one run needs, and the way to each part."""

    seed: int
    directory: Path
    database_url: str
    slack: SlackWorkspace
    telegram: TelegramWorld
    assistant: Assistant
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
        logs = [replica.log for replica in (*self.replicas, *self.assistant.parts)]
        return "".join(log.read_text("utf-8", "replace") for log in logs if log.exists())

    def url(self) -> str:
        """Where the next connection goes, as a balancer would choose: some replica that runs, if any does."""
        running = [replica for replica in self.replicas if replica.is_alive() and not replica.is_frozen]
        return self._dice.choice(running or self.replicas).url

    def everything_well(self) -> None:
        """No fault any more, on any side."""
        self.slack.clear_faults()
        self.slack.up()
        self.slack.silence_sockets(False)
        self.telegram.faults.clear()
        self.assistant.control(mode="well", delay=0.0)


DESK_FILE = "agents:\n" + "".join(f"  {name}:\n    slack: {{{name}}}\n" for name in ON_SLACK)


@contextlib.contextmanager
def new_world(
    directory: Path,
    seed: int = 0,
    database_url: str = "",
    replicas: int = 1,
    cold: bool = False,
    real: bool = False,
    **settings: str,
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
        assistant = stack.enter_context(
            real_assistant(directory, directory / "var", database_url, cold) if real else stand_in()
        )
        world = World(
            seed=seed,
            directory=directory,
            database_url=database_url,
            slack=slack,
            telegram=telegram,
            assistant=assistant,
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
        "RASA_URL": world.assistant.url,
        "ACTIONS_URL": world.assistant.actions_url,
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
