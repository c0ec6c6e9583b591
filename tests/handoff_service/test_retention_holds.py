"""What retention leaves alone because a complaint is still on file, told by the operator's system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.doubles.service import ROOT, Service
from tests.doubles.widget import identity, open_widget

pytestmark = pytest.mark.timeout(300)


def _retention(service: Service, how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handoff_service", "retention", how]
    return subprocess.run(command, cwd=ROOT, env=service.environment, capture_output=True, text=True)


async def test_what_a_complaint_on_file_needs_is_kept_however_old(own_service: Service, tmp_path: Path) -> None:
    for customer in ("C-complains", "C-content"):
        async with open_widget(own_service.url, identity=identity(customer, "Marta")) as widget:
            await widget.say("hola")
            await widget.message("assistant")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'relevo.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE messages SET sent_at = datetime('now', '-100 days')"))
        connection.execute(sa.text("UPDATE conversations SET created_at = datetime('now', '-100 days')"))
    own_service.control_assistant(complaints=None)
    dry = json.loads(_retention(own_service, "--dry-run").stdout)
    assert (dry["would_erase"]["conversations"], dry["held_by_complaints"]) == (2, "not checked")
    refused = _retention(own_service, "--apply")
    assert (refused.returncode, refused.stdout) == (1, "")
    own_service.control_assistant(complaints={"C-complains": "QJ-2345"})
    dry = json.loads(_retention(own_service, "--dry-run").stdout)
    assert (dry["would_erase"]["conversations"], dry["held_by_complaints"]) == (1, 1)
    assert json.loads(_retention(own_service, "--apply").stdout)["erased"]["conversations"] == 1
    with engine.connect() as connection:
        left = connection.execute(sa.text("SELECT customer_id FROM conversations WHERE customer_id IS NOT NULL"))
        assert left.scalars().all() == ["C-complains"]
    engine.dispose()
