"""A start is quick because everything is imported before: what the service imports late, the nursery knows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.doubles.service import Service
from tests.torture.nursery import ROOT

LOOK = """
import importlib, json, sys
from tests.torture.nursery import IMPORTED_LATE, SERVICE
for name in IMPORTED_LATE[SERVICE]:
    importlib.import_module(name)
known = set(sys.modules)
from handoff_service.app import create_app
from handoff_service.settings import load_settings
create_app(load_settings())
print(json.dumps(sorted(set(sys.modules) - known)))
"""


def test_a_start_imports_nothing_that_the_nursery_could_have(tmp_path: Path) -> None:
    platforms = {
        "SLACK_BOT_TOKEN": "xoxb-of-a-test",
        "SLACK_APP_TOKEN": "xapp-of-a-test",
        "SLACK_CHANNEL": "CQUEUE",
        "TELEGRAM_BOT_TOKEN": "123456:of-a-test",
    }
    service = Service(tmp_path, **platforms)
    service.migrate()
    shown = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, env=service.service._environment, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout.splitlines()[-1]) == []
