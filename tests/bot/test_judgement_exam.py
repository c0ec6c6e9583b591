"""The whole judgement on conversations that nothing was learnt from: the real data, the real model, the goals."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bot.project import ROOT, environment


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_right_conversations_get_a_person_in_time() -> None:
    judged = subprocess.run(
        [sys.executable, "-m", "bot.judging"],
        cwd=ROOT,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=890,
    )
    assert judged.returncode == 0, judged.stdout[-3000:] + judged.stderr[-1000:]
    assert "All goals reached." in judged.stdout
