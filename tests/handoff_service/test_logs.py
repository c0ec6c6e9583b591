"""The service's own log: events and ids, and nothing that says where a customer is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.doubles.service import ROOT, Service, until_it_answers
from tests.doubles.widget import open_widget


async def test_a_customer_s_network_address_is_never_logged(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.migrate()
    with (tmp_path / "service.log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "handoff_service"],
            cwd=ROOT,
            env={**os.environ, **service.environment},
            stderr=log,
            stdout=log,
        )
        try:
            until_it_answers(f"{service.url}/healthz")
            async with open_widget(service.url):
                pass
        finally:
            child.terminate()
            child.wait(15)
    logged = (tmp_path / "service.log").read_text()
    assert '"event": "serving"' in logged, "this is the log"
    assert "/v1/widget" not in logged
    assert not [line for line in logged.splitlines() if "127.0.0.1" in line and '"serving"' not in line]
