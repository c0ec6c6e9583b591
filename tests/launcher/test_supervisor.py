"""Real processes: what dies or hangs comes back, and in the end nothing is left."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.launcher.conftest import Launched, eventually, is_alive
from tests.patience import patient

ON_LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux ties a child to its parent's life"
)


def test_a_killed_part_is_started_again(launched: Launched) -> None:
    launched.with_part("assistant").with_part("service").start()
    first, other = launched.pid_of("assistant"), launched.pid_of("service")
    os.kill(first, signal.SIGKILL)
    eventually(lambda: launched.pid_of("assistant") != first)
    assert is_alive(launched.pid_of("assistant"))
    assert launched.pid_of("service") == other
    assert "assistant was killed (SIGKILL); starting it again at once" in launched.said()


def test_a_part_that_dies_takes_its_own_children_along(launched: Launched) -> None:
    launched.with_part("assistant", has_child=True).start()
    first, child = launched.all_pids()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: launched.pid_of("assistant") != first)
    assert not is_alive(child)


def test_the_wait_doubles_up_to_its_limit_while_a_part_keeps_dying(launched: Launched) -> None:
    launched.with_part("service", dies_with=3).start()
    eventually(lambda: launched.said().count("starting it again") >= 5)
    waits = re.findall(r"service ended by itself \(exit code 3\); starting it again (.*)", launched.said())
    assert waits[:5] == ["at once", "in 0.1 s", "in 0.2 s", "in 0.4 s", "in 0.4 s"]


def test_the_wait_is_short_again_after_a_steady_run(launched: Launched) -> None:
    launched.with_part("service").start(steady_after=1.0)
    for _ in range(2):
        pid = launched.pid_of("service")
        os.kill(pid, signal.SIGKILL)
        eventually(lambda pid=pid: launched.pid_of("service") != pid)
    time.sleep(1.1)
    os.kill(launched.pid_of("service"), signal.SIGKILL)
    eventually(lambda: launched.said().count("starting it again") == 3)
    assert re.findall(r"starting it again (.*)", launched.said()) == ["at once", "in 0.1 s", "at once"]


def test_a_part_that_hangs_is_replaced(launched: Launched, free_port: int) -> None:
    launched.with_part("assistant", port=free_port, token="said-by-the-launcher", hangs_after=1.0).start()
    first = launched.pid_of("assistant")
    eventually(lambda: launched.pid_of("assistant") != first)
    assert not is_alive(first)
    assert "assistant has not been well for 1 s" in launched.said()


def test_a_part_that_stands_still_is_replaced(launched: Launched, free_port: int) -> None:
    launched.with_part("assistant", port=free_port).start()
    first = launched.pid_of("assistant")
    time.sleep(0.5)
    os.kill(first, signal.SIGSTOP)
    eventually(lambda: launched.pid_of("assistant") != first)
    assert not is_alive(first)


def test_a_part_may_load_longer_than_a_well_one_may_be_silent(launched: Launched, free_port: int) -> None:
    launched.with_part("assistant", port=free_port, loads_for=3.0).start()
    time.sleep(4.0)
    assert len(launched.entries("assistant", "started")) == 1
    assert "assistant" not in launched.said()


def test_a_part_that_never_gets_ready_is_started_again(launched: Launched, free_port: int) -> None:
    launched.with_part("assistant", port=free_port, loads_for=600).start(start_may_take=1.0)
    eventually(lambda: len(launched.entries("assistant", "started")) > 1)
    assert "assistant is not ready after 1 s" in launched.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_wish_to_stop_ends_everything_and_is_success(launched: Launched, number: signal.Signals) -> None:
    launched.with_part("assistant", has_child=True).with_part("service", ends_first=True).start()
    launched.signal(number)
    assert launched.process is not None
    assert launched.process.wait(patient(5)) == 0
    assert not any(map(is_alive, launched.all_pids()))


def test_the_service_finishes_before_what_it_needs_is_asked_to_end(launched: Launched) -> None:
    launched.with_part("assistant").with_part("service", ends_first=True).start()
    launched.signal(signal.SIGTERM)
    assert launched.process is not None
    launched.process.wait(patient(5))
    finished, asked = launched.entries("service", "ended")[0], launched.entries("assistant", "asked to end")[0]
    assert str(finished["at"]) < str(asked["at"])


def test_what_will_not_end_is_killed_in_time(launched: Launched) -> None:
    launched.with_part("assistant", ignores_sigterm=True, has_child=True)
    launched.with_part("service", ends_first=True, ignores_sigterm=True).start()
    began = time.monotonic()
    launched.signal(signal.SIGTERM)
    assert launched.process is not None
    assert launched.process.wait(patient(10)) == 0
    assert 3.0 <= time.monotonic() - began < patient(4.5)
    assert not any(map(is_alive, launched.all_pids()))
    assert launched.said().count("did not end in time and is killed") == 2


def test_signals_that_come_twice_change_nothing(launched: Launched) -> None:
    launched.with_part("service", ends_first=True).start()
    launched.signal(signal.SIGTERM)
    launched.signal(signal.SIGTERM)
    assert launched.process is not None
    assert launched.process.wait(patient(5)) == 0
    assert launched.entries("service", "ended")


@ON_LINUX
def test_a_killed_launcher_leaves_nothing_behind(launched: Launched) -> None:
    launched.with_part("assistant", ignores_sigterm=True).with_part("service").start()
    launched.signal(signal.SIGKILL)
    eventually(lambda: not any(map(is_alive, launched.all_pids())), seconds=3.0)


@ON_LINUX
def test_the_parts_end_when_make_is_killed(launched: Launched) -> None:
    launched.with_part("assistant").with_part("service").start(by_make=True)
    launched.signal(signal.SIGKILL)
    eventually(lambda: not any(map(is_alive, launched.all_pids())), seconds=5.0)
    assert launched.entries("service", "ended")


def test_the_parts_end_when_make_is_told_to(launched: Launched) -> None:
    launched.with_part("service").start(by_make=True)
    launched.signal(signal.SIGTERM)
    assert launched.process is not None
    launched.process.wait(patient(5))
    eventually(
        lambda: launched.entries("service", "ended") and not any(map(is_alive, launched.all_pids())), seconds=3.0
    )


def test_each_line_goes_to_the_terminal_with_its_part_and_to_the_parts_log(launched: Launched) -> None:
    launched.with_part("assistant").with_part("service").start()
    launched.signal(signal.SIGTERM)
    assert launched.process is not None
    shown, _ = launched.process.communicate(timeout=patient(5))
    assert "assistant | assistant says hello\n" in shown
    assert "service   | service says hello\n" in shown
    assert (launched.logs / "assistant.log").read_text() == "assistant says hello\n"
    assert (launched.logs / "service.log").stat().st_mode & 0o077 == 0


def test_what_a_part_writes_is_for_nobody_else(launched: Launched) -> None:
    launched.with_part("service").start()
    assert (launched.folder / "diary").stat().st_mode & 0o777 == 0o600


def test_a_held_terminal_holds_up_no_part(launched: Launched) -> None:
    launched.with_part("service", chatters=20_000).start()  # nobody reads the launcher's standard output
    eventually(lambda: launched.entries("service", "chattered"))
    eventually(lambda: b"line 19999" in _tail(launched.logs / "service.log"))
    launched.signal(signal.SIGTERM)
    assert launched.process is not None
    assert launched.process.wait(patient(5)) == 0


def _tail(path: Path) -> bytes:
    return path.read_bytes()[-1000:]
