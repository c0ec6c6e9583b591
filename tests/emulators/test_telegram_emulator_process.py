"""The emulator as a process of its own, and several worlds beside one another."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from tests.doubles.http import HTTP
from tests.emulators.telegram import TelegramWorld
from tests.emulators.telegram.client import ROOT
from tests.patience import patient


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_runs_as_a_process_on_the_port_and_with_the_token_it_was_given() -> None:
    port = free_port()
    with TelegramWorld.as_process(port, token="42:a-token") as world:
        assert world.base_url == f"http://127.0.0.1:{port}/bot"
        assert HTTP.get(f"{world.base_url}42:a-token/getMe").json()["result"]["id"] == 42
        ana = world.person("Ana")
        ana.writes("hola")
        assert len(world.updates.pending) == 1
    with pytest.raises(httpx.ConnectError):
        HTTP.get(f"http://127.0.0.1:{port}/bot42:a-token/getMe")


def test_sigterm_ends_it_even_while_a_call_hangs() -> None:
    command = [sys.executable, "-m", "tests.emulators.telegram"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with TelegramWorld(json.loads(process.stdout.readline())["url"]) as world:
            world.faults.black_hole()
            with pytest.raises(httpx.ReadTimeout):
                HTTP.get(f"{world.base_url}{world.token}/getMe", timeout=0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(patient(5)) == 0


def test_worlds_beside_one_another_share_nothing() -> None:
    with TelegramWorld.in_thread(seed=1) as one, TelegramWorld.in_thread(seed=2) as other:
        ana = one.person("Ana")
        ana.writes("hola")
        assert (len(one.updates.pending), other.updates.pending) == (1, [])
        assert other.as_bot("sendMessage", chat_id=ana.id, text="x")["description"] == "Bad Request: chat not found"


def test_starting_over_empties_the_world() -> None:
    with TelegramWorld.in_thread() as world:
        first = world.person("Ana")
        first.writes("hola")
        world.faults.server_error()
        world.clock.advance(3600)
        world.start_over()
        assert (world.updates.pending, world.calls(), world.faults.fired["server_error"]) == ([], [], 0)
        assert world.as_bot("getMe")["ok"]
        assert world.person("Ana").id == first.id
