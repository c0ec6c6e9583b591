"""The whole system over Telegram and Slack, from the first message to the second handoff; real Rasa, real actions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doubles.http import HTTP
from tests.e2e.conftest import System, running_system
from tests.emulators.slack import Message, SlackWorkspace, slack_process
from tests.emulators.telegram.client import TelegramWorld
from tests.emulators.telegram.handles import Person

pytestmark = pytest.mark.timeout(900)
WITHIN = 30.0


def _settings(world: TelegramWorld, slack: SlackWorkspace, queue: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": world.token,
        "TELEGRAM_API_URL": world.base_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_CHANNEL": queue,
        "SLACK_API_URL": slack.api_url,
        "SLACK_PACE_SECONDS": "0.1",
    }


def _card(slack: SlackWorkspace, queue: str, words: str) -> Message:
    return slack.until(lambda: next((m for m in slack.cards(queue) if words in m.words), None), WITHIN)


def test_from_the_first_message_to_the_second_handoff(tmp_path: Path) -> None:
    with TelegramWorld.in_thread() as world, slack_process() as slack:
        ana = slack.add_person("Ana")
        queue = slack.add_channel("queue", members=[ana])
        with running_system(tmp_path, **_settings(world, slack, queue)) as system:
            person = world.person("Lucía", phone="+34600001001")
            person.writes("¿qué tarifas tenéis?")
            person.chat.wait_for("12,90", WITHIN)
            _balance_once_known(person)
            _balance_by_code(world.person("Mateo", phone="+34699000111"), system)
            for lap in (1, 2):
                person.writes("quiero hablar con una persona")
                _relay(slack, queue, ana, person, lap)
            assert "nota: solo para el equipo" not in str(person.chat.texts)


def _balance_once_known(person: Person) -> None:
    """Unknown, they are offered to share their own number; then they get the real figure."""
    person.writes("¿cuánto debo?")
    person.chat.wait_for("comparte tu contacto", WITHIN)
    assert person.chat.keyboard == ["Compartir mi número", "Recibir un código"]
    person.shares_contact()
    person.chat.wait_for("ya sé quién eres", WITHIN)
    person.writes("¿cuánto debo ahora?")
    person.chat.wait_for("€", WITHIN)


def _balance_by_code(person: Person, system: System) -> None:
    """Somebody whose Telegram has another number brings the code from the number on file."""
    person.writes("¿cuánto debo?")
    person.chat.wait_for("comparte tu contacto", WITHIN)
    person.writes("Recibir un código")
    person.chat.wait_for("Qué número de teléfono", WITHIN)
    person.writes("+34 600 001 002")
    person.chat.wait_for("6 cifras", WITHIN)
    texts = HTTP.get(f"{system.url}/demo/texts").json()["texts"]
    code = re.search(r"\b\d{6}\b", next(text["text"] for text in texts if text["to"].endswith("002")))
    assert code
    person.writes(code.group())
    person.chat.wait_for("Gracias, Mateo", WITHIN)
    person.chat.wait_for("€", WITHIN)


def _relay(slack: SlackWorkspace, queue: str, ana: str, person: Person, lap: int) -> None:
    """Card, claim, both ways, a note inside, resolve, and the assistant answers again."""
    waiting = _card(slack, queue, "En espera")
    assert "Lucía" in waiting.words
    assert slack.press(ana, waiting, "handoff.claim")
    held = _card(slack, queue, "En curso")
    slack.post(ana, queue, "nota: solo para el equipo", thread_ts=held.ts)
    slack.post(ana, queue, f"Hola Lucía, soy Ana, vuelta {lap}", thread_ts=held.ts)
    assert "Ana" in person.chat.wait_for(f"vuelta {lap}", WITHIN).text
    person.writes(f"gracias por mirarlo, vuelta {lap}")
    slack.until(lambda: any(f"mirarlo, vuelta {lap}" in m.words for m in slack.thread(held)), WITHIN)
    assert slack.press(ana, held, "handoff.resolve")
    form = slack.until_view(ana)
    assert slack.submit_view(ana, form, {"outcome": "solved"}).acknowledged
    slack.until(lambda: not any("En curso" in m.words for m in slack.cards(queue)), WITHIN)
    before = len(person.chat.from_bot)
    person.writes("¿y qué tarifas hay ahora?")
    person.world.wait_until(lambda: any("12,90" in m.text for m in person.chat.from_bot[before:]), WITHIN, "the answer")
