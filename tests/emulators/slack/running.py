"""Starting an emulated workspace: in a thread of the tests, or as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from .client import SlackWorkspace
from .server import Emulator

READY = "slack emulator on "
ROOT = Path(__file__).parents[3]


@contextlib.contextmanager
def slack_workspace(port: int = 0, seed: int = 0) -> Iterator[SlackWorkspace]:
    """A workspace served from a thread with a loop of its own, gone at the end."""
    started: Future[str] = Future()
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        try:
            async with Emulator(seed).running(port) as base_url:
                started.set_result(base_url)
                await done.wait()
        except Exception as failure:
            if started.done():
                raise
            started.set_exception(failure)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="slack-emulator", daemon=True)
    thread.start()
    try:
        with SlackWorkspace(started.result(10)) as workspace:
            yield workspace
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()


@contextlib.contextmanager
def slack_process(port: int = 0, seed: int = 0) -> Iterator[SlackWorkspace]:
    """A workspace in a process of its own, for tests that load or freeze theirs."""
    command = [sys.executable, "-m", "tests.emulators.slack", "--port", str(port), "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(READY):
                raise RuntimeError("the Slack emulator did not start")
            with SlackWorkspace(line.removeprefix(READY).strip()) as workspace:
                yield workspace
        finally:
            process.terminate()
