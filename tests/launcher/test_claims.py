"""One launcher per DATA_DIR, and a busy port is told before anything is installed or started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from launcher.project import ROOT
from tests.launcher.conftest import eventually

HOLD = """
import sys, time
from pathlib import Path
from launcher import claims
with claims.data_dir(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def make_run(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """`make run` with a state of its own, expected to end at once."""
    return subprocess.run(
        ["make", "run", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_busy_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = make_run(tmp_path, PORT="8338", RASA_PORT=str(port), ACTIONS_PORT="8339")
    assert done.returncode != 0
    assert f"port {port}" in done.stderr
    assert "RASA_PORT=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_told_in_plain_words(tmp_path: Path) -> None:
    done = make_run(tmp_path, PORT="eighty")
    assert done.returncode != 0
    assert "PORT=eighty is no port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_launcher_with_the_same_state_is_refused(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        refused = make_run(tmp_path)
        holder.kill()
    assert refused.returncode != 0
    assert f"already running with the state in {tmp_path} (process {holder.pid})" in refused.stderr


def test_a_port_that_is_just_being_given_back_is_waited_for(tmp_path: Path) -> None:
    code = (
        "import socket, sys, threading, time\n"
        "from launcher import claims\n"
        "from launcher.signals import Signals\n"
        "other = socket.create_server(('127.0.0.1', 0))\n"
        "threading.Timer(1.0, other.close).start()\n"
        "claims.require_free_ports({'PORT': other.getsockname()}, Signals())\n"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=20)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began >= 1.0


def test_a_wish_to_stop_while_another_installs_is_heard(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from launcher import claims\n"
        "from launcher.project import Stopped\n"
        "from launcher.signals import Signals\n"
        "signals = Signals()\n"
        "try:\n"
        "    with claims.turn_to_install(Path(sys.argv[1]), signals):\n"
        "        print('mine', flush=True); sys.stdin.read()\n"
        "except Stopped:\n"
        "    print('stopped', flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as one:
        assert one.stdout is not None and one.stdout.readline() == "mine\n"
        with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as two:
            assert two.stdout is not None and "waiting" in two.stdout.readline()
            two.terminate()
            assert two.stdout.readline() == "stopped\n"
        eventually(lambda: two.returncode == 0)
        one.kill()
