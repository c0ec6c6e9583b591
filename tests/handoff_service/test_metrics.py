"""The metrics tell what happened and what waits, name nobody, and are those that dashboard, alerts and runbook use."""

from __future__ import annotations

import asyncio
import json
import re

import yaml

from tests.doubles.http import HTTP
from tests.doubles.service import ROOT, Service
from tests.doubles.widget import open_widget

ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "relevo.json"
RUNBOOK = ROOT / "docs" / "runbook.md"
A_METRIC = re.compile(r"\b((?:handoff|rasa|db|event_loop|process)_[a-z_0-9]+)")


def scrape(service: Service) -> str:
    answer = HTTP.get(f"{service.url}/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    return answer.text


def value(text: str, name: str, **labels: str) -> float:
    """The sum over the samples of this name that carry these labels."""
    found = [
        float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if re.match(rf"{name}(\{{|\s)", line) and all(f'{key}="{label}"' in line for key, label in labels.items())
    ]
    return sum(found)


async def test_a_conversation_shows_in_the_figures(service: Service) -> None:
    before = scrape(service)
    async with open_widget(service.url) as widget:
        await widget.say("¿cuánto debo?")
        await widget.message("assistant")
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        await asyncio.sleep(1.1)  # a waiting that can be seen
        after = scrape(service)
        conversation = widget.conversation_id
    assert value(after, "handoff_events_total", kind="customer_wrote") == (
        value(before, "handoff_events_total", kind="customer_wrote") + 2
    )
    assert value(after, "handoff_events_total", kind="handoff_opened") >= 1
    assert value(after, "handoff_message_ack_seconds_count") == value(before, "handoff_message_ack_seconds_count") + 2
    assert value(after, "rasa_turn_seconds_count", outcome="answered") >= 2
    assert value(after, "handoff_open", status="queued") == 1
    assert 1 <= value(after, "handoff_queue_oldest_age_seconds") < 60
    assert value(after, "handoff_ws_connections", kind="widget") >= 1
    assert value(after, "handoff_turns_waiting") == 0
    assert conversation and conversation not in after


def named(expressions: list[str]) -> set[str]:
    return {name for expression in expressions for name in A_METRIC.findall(expression)}


def exported(text: str) -> set[str]:
    """Every name that a query may use, those of histograms included."""
    families = re.findall(r"^# TYPE (\S+) (\S+)", text, re.MULTILINE)
    parts = {"histogram": ("_bucket", "_sum", "_count")}
    return {name + part for name, kind in families for part in parts.get(kind, ("",))}


def test_dashboard_and_alerts_ask_for_what_there_is(service: Service) -> None:
    there = exported(scrape(service))
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = named([rule["expr"] for rule in rules]) | named([t["expr"] for panel in panels for t in panel["targets"]])
    assert len(asked) > 15
    assert asked - there == set()


def test_every_alert_has_its_entry_in_the_runbook() -> None:
    alerts = {rule["alert"] for rule in yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]}
    entries = re.findall(r"^## (\w+)$", RUNBOOK.read_text(), re.MULTILINE)
    assert alerts == set(entries) and len(entries) == len(set(entries))
