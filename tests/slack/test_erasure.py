"""Erasing a customer takes the bot's own posts and files out of Slack, and lists what others wrote there."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import httpx
import pytest

from tests.doubles.pictures import picture
from tests.doubles.service import ROOT
from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)
PNG = picture("PNG")


async def test_the_bots_posts_go_and_what_agents_wrote_is_listed(desk: SlackDesk) -> None:
    async with desk.customer("Quintina") as case:
        sent = httpx.post(
            f"{desk.service.url}/v1/widget/files",
            files={"file": ("router.png", PNG)},
            headers={"Authorization": f"Bearer {case.widget.token}"},
            trust_env=False,
        )
        await case.widget.send(
            {"type": "message", "id": "f1", "text": "secreto de Quintina", "attachments": [sent.json()["id"]]}
        )
        await case.said("secreto de Quintina")
        card = await case.claimed(desk.ana)
        written = await case.writes(desk.ana, "hola Quintina, lo miro")
        await case.until_reply("lo miro")
        await case.until(lambda: [m for m in desk.slack.thread(card) if "router.png" in m.file_names], "the file")
        await asyncio.to_thread(case.end)
        await case.card("Resuelta")
    command = [sys.executable, "-m", "handoff_service", "erase", "C-Quintina"]
    ran = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=desk.service.environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    receipt = json.loads(ran.stdout)
    assert receipt["erased"]["slack_files"] == 1
    assert receipt["erased"]["slack_posts"] >= 3
    assert receipt["by_hand"]["slack"] == [
        {"channel": desk.queue, "ts": written.ts, "user": desk.ana, "why": "written_by_others"}
    ]
    assert "secreto de Quintina" not in str(desk.slack.thread(card))
    assert [m.words for m in desk.slack.cards(desk.queue) if "Quintina" in m.words] == []


async def test_a_customer_s_own_erasure_reaches_slack_and_lists_what_is_left_there(desk: SlackDesk) -> None:
    async with desk.customer("Rosalinda") as case:
        await case.widget.say("secreto de Rosalinda")
        await case.said("secreto de Rosalinda")
        card = await case.claimed(desk.ana)
        written = await case.writes(desk.ana, "hola Rosalinda, lo miro")
        await case.until_reply("lo miro")
        await asyncio.to_thread(case.end)
        await case.card("Resuelta")
        desk.service.control_assistant(orders={"order": "erase", "sub": "C-Rosalinda"})
        await case.widget.say("borrad mis datos")
        receipt = await case.widget.message("system", "D-", 60)
    command = [sys.executable, "-m", "handoff_service", "orders"]
    ran = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=desk.service.environment, capture_output=True, text=True, check=True
    )
    (order,) = [row for row in map(json.loads, ran.stdout.splitlines()) if row["code"] in receipt["text"]]
    assert order["receipt"]["erased"]["slack_posts"] >= 3
    assert order["receipt"]["by_hand"]["slack"] == [
        {"channel": desk.queue, "ts": written.ts, "user": desk.ana, "why": "written_by_others"}
    ]
    assert "secreto de Rosalinda" not in str(desk.slack.thread(card))
