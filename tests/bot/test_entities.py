"""What a message names, in both languages, as customers write it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.entities.finder import Finder, read_lookups
from bot.entities.found import plain

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder.of(read_lookups(ROOT / "data" / "lookups"))


def named(finder: Finder, text: str) -> list[tuple[str, str | int]]:
    return [(thing.entity, thing.value) for thing in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("no, la de mayo", [("month", "--05")]),
        ("May's bill", [("month", "--05")]),
        ("the one from may", [("month", "--05")]),
        ("la de mayo de 2025", [("month", "2025-05")]),
        ("la del mes pasado", [("month", "-P1M")]),
        ("two months ago", [("month", "-P2M")]),
        ("¿y la anterior?", [("month", "-P1M")]),
        ("el 3 de mayo", [("date", "--05-03")]),
        ("on the 5th of December", [("date", "--12-05")]),
        ("12/05/2026", [("date", "2026-05-12")]),
        ("2026-05-12", [("date", "2026-05-12")]),
        ("el día 5", [("date", "---05")]),
        ("mañana por la tarde", [("date", "P1D"), ("daypart", "afternoon")]),
        ("tomorrow morning", [("date", "P1D"), ("daypart", "morning")]),
        ("pasado mañana", [("date", "P2D")]),
        ("el martes por la mañana", [("date", "W-2"), ("daypart", "morning")]),
        ("me cobraron 1.045,90 €", [("money", "1045.90")]),
        ("€1,045.90", [("money", "1045.90")]),
        ("el de 30 euros", [("money", "30.00")]),
        ("¿y el de 30?", [("number", 30)]),
        ("el de treinta", [("number", 30)]),
        ("30 gigas", [("data_amount", 30_000)]),
        ("12.5GB", [("data_amount", 12_500)]),
        ("cinco gigas", [("data_amount", 5_000)]),
        ("600 111 222", [("phone_number", "+34600111222")]),
        ("+44 7700 900123", [("phone_number", "+447700900123")]),
        ("00351912345678", [("phone_number", "+351912345678")]),
        ("vivo en el 28013", [("postcode", "28013")]),
        ("ES91 2100 0418 4502 0005 1332 gracias", [("iban", "ES9121000418450200051332")]),
        ("es de89370400440532013000 thanks", [("iban", "DE89370400440532013000")]),
        ("lucia.n@example.com", [("email", "lucia.n@example.com")]),
        ("¿y en Portugal?", [("place", "Portugal")]),
        ("and in the canary islands", [("place", "Canarias")]),
        ("la tarifa océano", [("plan", "oceano")]),
        ("fibra 600 mb + marea", [("plan", "fibra-600-marea")]),
        ("no, por el móvil", [("service", "mobile")]),
        ("home internet", [("service", "fibre")]),
        ("¿hasta cuándo me duran?", [("asks_when", "hasta cuando")]),
        ("how much is it", [("asks_price", "how much")]),
        ("la segunda", [("ordinal", 2)]),
    ],
)
def test_a_thing_is_found_once_and_as_what_it_is(
    finder: Finder, text: str, things: list[tuple[str, str | int]]
) -> None:
    assert named(finder, text) == things


@pytest.mark.parametrize(
    "text",
    ["may I ask something", "two days ago", "por la tarde noche no, gracias 🙂", "", "¿?", "hola", "99999", "a@b"],
)
def test_what_only_looks_like_it_is_left_alone(finder: Finder, text: str) -> None:
    assert [thing for thing in named(finder, text) if thing[0] not in ("daypart",)] == []


def test_a_thing_stands_where_the_text_has_it(finder: Finder) -> None:
    text = "¿Y en las Islas Canarias, qué tal?"
    (place,) = finder.find(text)
    assert text[place.start : place.end] == "Islas Canarias"
    assert place.as_rasa()["zone"] == "home"
    assert place.as_rasa()["en"] == "the Canary Islands"


@pytest.mark.parametrize("text", ["ﬁbra ﷺ ß İ", "é́́ 30 ｇｂ", "𝟛𝟘 gigas"])
def test_plain_text_keeps_every_character_in_its_place(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_finding_takes_next_to_no_time(finder: Finder) -> None:
    texts = [f"¿y la de mayo en Portugal con {number} gigas?" for number in range(200)]
    began = time.process_time()
    for text in texts:
        finder.find(text)
    assert (time.process_time() - began) / len(texts) < 0.001


def test_a_very_long_message_does_not_take_long(finder: Finder) -> None:
    began = time.process_time()
    finder.find("no entiendo nada 12 " * 200)
    finder.find("1" * 4000)
    finder.find("es91 " * 800)
    assert time.process_time() - began < 0.2
