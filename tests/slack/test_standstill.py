"""Two replicas share the desk; the one that leads stands still amid a post and goes on after the other took over."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doubles import postgres
from tests.doubles.service import Process, Service
from tests.doubles.widget import identity, open_widget
from tests.emulators.slack import slack_process
from tests.slack.desk import Case, SlackDesk, until_up

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]
OWN = ("PORT", "RASA_URL", "ACTIONS_URL")  # settings of one replica alone
TAKEN_OVER = 60.0  # seconds, with the lease of the one that stands still, on a busy machine
NOTED, ANSWERED = "after commit: desks.slack.attempts.begin_sending", "after call: chat.postMessage"


@dataclass
class Replicas:
    """The one that leads and can be told to stand still, and the other."""

    desk: SlackDesk
    other: Service
    asked: Path

    @property
    def pid(self) -> int:
        child = self.desk.service.service.child
        assert child is not None
        return child.pid

    def stands_still(self) -> bool:
        return Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[Replicas]:
    with postgres.server() as server, slack_process() as slack:
        url = postgres.new_database(server, f"standstill-{uuid.uuid4().hex[:8]}")
        desk, asked = SlackDesk(slack, tmp_path, DATABASE_URL=url), tmp_path / "asked"
        one = desk.service
        one.service = Process(["-m", "tests.slack.standstill", str(asked)], one.environment)
        shared = {name: value for name, value in one.environment.items() if name not in OWN}
        other = Service(tmp_path / "var", **shared)
        try:
            desk.start()
            other.assistant.start()
            other.service.start()
            until_up(f"{other.url}/healthz")
            yield Replicas(desk, other, asked)
        finally:
            one.stop()
            other.stop()


@pytest.mark.parametrize("boundary", [NOTED, ANSWERED])
async def test_who_stood_still_amid_a_post_says_nothing_twice(replicas: Replicas, boundary: str) -> None:
    desk = replicas.desk
    async with open_widget(replicas.other.url, identity=identity("C-Elia", "Elia")) as widget:
        await widget.say("hola, soy Elia y quiero hablar con una persona")
        await widget.owner("queue")
        case = Case(desk, "Elia", widget)
        await case.said("hola, soy Elia")
        replicas.asked.write_text(boundary, encoding="utf-8")
        await widget.say("primera línea")
        await case.until(replicas.stands_still, "the standstill")
        await widget.say("segunda línea")
        card = await case.card()
        await case.until(
            lambda: any("segunda línea" in m.words for m in desk.slack.thread(card)), "the other's post", TAKEN_OVER
        )
        os.kill(replicas.pid, signal.SIGCONT)
        await asyncio.sleep(3)  # what it would do at once it has done
        await widget.say("tercera línea")
        await case.said("tercera línea")
        told = "\n".join(m.words for m in desk.slack.thread(card)[1:])
        assert [told.count(each) for each in ("primera línea", "segunda línea", "tercera línea")] == [1, 1, 1]
