"""What agents say of a handoff's timing reaches the trainers: labelled, and without a word of who somebody is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handoff_service.switchboard.rules.handoff import Verdict
from handoff_service.switchboard.rules.labelled import Judged, as_yaml, labelled
from handoff_service.switchboard.rules.redaction import redacted
from tests.doubles.service import ROOT, Service
from tests.doubles.widget import identity, open_widget


async def test_a_judged_conversation_is_offered_to_trainers(own_service: Service, tmp_path: Path) -> None:
    with own_service.agent("Ana") as ana:
        async with open_widget(own_service.url, identity=identity("C-1", "Marta Ruiz")) as widget:
            await widget.say("soy Marta, mi DNI es 12345678Z y me cobráis dos veces")
            await widget.message("assistant")
            await widget.say("quiero hablar con una persona")
            await widget.owner("queue")
            handoff = ana.get("/handoffs").json()["handoffs"][0]
            assert ana.post(f"/handoffs/{handoff['id']}/verdict", json={"verdict": "right"}).status_code == 409
            ana.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
            await widget.say("esto ya lo lee Ana")
            ana.post(f"/handoffs/{handoff['id']}/verdict", json={"verdict": "too_early"}).raise_for_status()
            judged = ana.post(f"/handoffs/{handoff['id']}/verdict", json={"verdict": "too_late"})
            assert judged.json()["verdict"] == "too_late"
        assert ana.get("/verdicts").status_code == 403
    command = [sys.executable, "-m", "handoff_service", "verdicts"]
    ran = subprocess.run(command, cwd=ROOT, env=own_service.environment, capture_output=True, text=True, check=True)
    written = yaml.safe_load(Path(ran.stdout.strip()).read_text("utf-8"))
    (conversation,) = written["conversations"]
    assert conversation["turns"] == [
        "soy XXXX, mi DNI es XXXX y me cobráis dos veces",
        "quiero hablar con una persona",
    ]
    assert conversation["handoff"] == {"at": 1, "reason": "asked_for_person", "not_before": 1}
    assert conversation["language"] == "es"


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.RIGHT, {"at": 3, "reason": "frustration"}),
        (Verdict.TOO_LATE, {"at": 2, "reason": "frustration", "not_before": 1}),
        (Verdict.TOO_EARLY, None),
        (Verdict.NOT_NEEDED, None),
    ],
)
def test_a_verdict_claims_only_what_it_says(verdict: Verdict, expected: object) -> None:
    judged = Judged("h1", "es", "frustration", verdict, ["uno", "dos", "tres"])
    assert labelled(judged)["handoff"] == expected
    (conversation,) = yaml.safe_load(as_yaml([judged]))["conversations"]
    assert conversation == labelled(judged)
    assert "h1" not in as_yaml([judged])


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_whatever_customers_write_is_read_back_as_it_was(turns: list[str]) -> None:
    judged = [Judged(str(n), "en", "complaint", Verdict.RIGHT, turns) for n in range(2)]
    assert yaml.safe_load(as_yaml(judged))["conversations"][1]["turns"] == turns


def test_nothing_judged_is_an_empty_list() -> None:
    assert yaml.safe_load(as_yaml([]))["conversations"] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mi tarjeta es 4111 1111 1111 1111", "mi tarjeta es XXXX"),
        ("cárgalo en es91 2100 0418 4502 0005 1332 ya", "cárgalo en XXXX ya"),
        ("la cuenta GB82WEST12345698765432, o esa", "la cuenta XXXX, o esa"),
        ("llámame al +34 612 345 678 por favor", "llámame al XXXX por favor"),
        ("escríbeme a ana.perez@correo.example", "escríbeme a XXXX"),
        ("me llamo Ana María Pérez y estoy harta", "me llamo XXXX y estoy harta"),
        ("my name is John Smith", "my name is XXXX"),
        ("I'm furious", "I'm furious"),
        ("soy clienta desde hace años", "soy clienta desde hace años"),
        ("vivo en la calle Mayor 5, Sevilla", "vivo en la XXXX, Sevilla"),
        ("mi caso es R-7KM3QX", "mi caso es XXXX"),
        ("me habéis cobrado 45,90 € tres veces en 2 meses", "me habéis cobrado 45,90 € tres veces en 2 meses"),
        ("lo puso Lucía Gómez a su nombre", "lo puso XXXX XXXX a su nombre"),
    ],
)
def test_what_tells_who_somebody_is_is_taken_out(text: str, left: str) -> None:
    assert redacted(text, ["Lucía Gómez"]) == left
