"""`TelegramWorld`: how tests drive the emulator, whether it runs in a thread, as a process or elsewhere.

The calls block. A test that runs the bot under test in its own event loop hands the waiting ones to a thread
(`await asyncio.to_thread(…)`).
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from tests.emulators.telegram.conditions import ClockHand, FaultBox, FloodLimits, UpdateTap
from tests.emulators.telegram.handles import Chat, Group, Person
from tests.emulators.telegram.server import ServerThread
from tests.emulators.telegram.views import Json, SeenCall
from tests.emulators.telegram.world import DEFAULT_TOKEN
from tests.patience import patient

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 20


class EmulatorError(Exception):
    """The emulator refused: what was asked can't happen in Telegram."""


class TelegramWorld:
    """One bot's Telegram. `base_url` and `base_file_url` are what python-telegram-bot takes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(verify=False, base_url=url, timeout=40, trust_env=False)
        about = self.ask("about")
        self.token: str = about["token"]
        self.bot: Json = about["bot"]
        self.base_url = f"{url}/bot"
        self.base_file_url = f"{url}/file/bot"
        self.faults = FaultBox(self.ask)
        self.limits = FloodLimits(self.ask)
        self.updates = UpdateTap(self.ask)
        self.clock = ClockHand(self.ask)

    @classmethod
    @contextlib.contextmanager
    def in_thread(cls, port: int = 0, token: str = DEFAULT_TOKEN, seed: int = 0) -> Iterator[TelegramWorld]:
        """A world in a thread of this process."""
        with ServerThread(port, token, seed) as server, cls(server.url) as world:
            yield world

    @classmethod
    @contextlib.contextmanager
    def as_process(cls, port: int = 0, token: str = DEFAULT_TOKEN, seed: int = 0) -> Iterator[TelegramWorld]:
        """A world in a process of its own, which is gone afterwards."""
        arguments = ["--port", str(port), "--token", token, "--seed", str(seed)]
        command = [sys.executable, "-m", "tests.emulators.telegram", *arguments]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError(f"the emulator ended at once with {process.wait(START_SECONDS)}")
                with cls(json.loads(line)["url"]) as world:
                    yield world
            finally:
                process.kill()

    def __enter__(self) -> TelegramWorld:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def person(self, first_name: str = "Ana", *, language: str = "es", phone: str = "", **about: Any) -> Person:
        """Somebody new; `about` may hold `id`, `last_name` and `username`."""
        made = self.ask("person", first_name=first_name, language_code=language, phone=phone, **about)
        return Person(self, made["id"], made["first_name"], made["phone"])

    def group(self, title: str, members: list[Person], *, supergroup: bool = False, with_bot: bool = False) -> Group:
        """A new group; its first member is the one who adds and removes the bot."""
        number = self.ask("create_group", title=title, members=[member.id for member in members], supergroup=supergroup)
        group = Group(self, number)
        if with_bot:
            group.add_bot()
        return group

    def chat(self, chat: int) -> Chat:
        return Chat(self, chat)

    def calls(self, method: str = "", chat: int | None = None, after: int = 0) -> list[SeenCall]:
        """What the bot called, in order; `after` is the number of a call already seen."""
        return [SeenCall(**call) for call in self.ask("calls", method=method, chat=chat, after=after)]

    def bot_card(self) -> Json:
        """The commands and descriptions that the bot set."""
        return dict(self.ask("bot_card"))

    def configure(self, **settings: Any) -> Json:
        """Set `webhook_retry_unit`, `webhook_timeout`, `webhook_needs_https`, `real_poll_timing`."""
        return dict(self.ask("configure", **settings))

    def let_bot_read_groups(self, everything: bool = True) -> None:
        """Switch privacy mode off (or on again)."""
        self.ask("bot_reads_groups", everything=everything)

    def as_bot(self, method: str, **arguments: Any) -> Json:
        """A call to the Bot API, as the bot would make it; the whole answer, refusals too."""
        body: Json = self._http.post(f"/bot{self.token}/{method}", json=arguments).json()
        return body

    def start_over(self) -> None:
        """Empty the world. Handles of people and chats are void; the bot and its token stay."""
        self.ask("start_over")

    def wait_until(self, is_so: Callable[[], bool], within: float = 5, what: str = "what was waited for") -> None:
        """Return once it is so, looking again after each change; else fail."""
        deadline = time.monotonic() + patient(within)
        while True:
            number = self.ask("changes")
            if is_so():
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{what} did not come within {within} s")
            self.ask("changes", after=number, seconds=min(left, 0.25))

    def ask(self, verb: str, **arguments: Any) -> Any:
        """One verb of the control."""
        answer = self._http.post(f"/control/{verb}", json=arguments).json()
        if "error" in answer:
            raise EmulatorError(answer["error"])
        return answer["answer"]
