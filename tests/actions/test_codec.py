"""Facts survive the way into JSON and back, and what is nearly one is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from actions.backend.codec import MalformedFactError, decoded, encoded
from actions.backend.iban import InvalidIbanError, masked, normalised


class Colour(str, Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    amount: Decimal


@dataclass(frozen=True)
class Fact:
    name: str
    count: int
    amount: Decimal
    day: date
    at: datetime
    colour: Colour
    inner: Inner
    many: tuple[Inner, ...]
    maybe: Inner | None
    number: int | None
    left_out: str | None = None
    usual: Decimal = Decimal("21.00")


FACT = Fact(
    name="ñ €",
    count=3,
    amount=Decimal("-1045.90"),
    day=date(2026, 11, 22),
    at=datetime(2026, 11, 22, 7, 30, tzinfo=timezone.utc),
    colour=Colour.RED,
    inner=Inner(Decimal("0.00")),
    many=(Inner(Decimal("1.00")), Inner(Decimal("2.50"))),
    maybe=None,
    number=None,
)


def test_a_fact_is_the_same_after_the_way_through_json() -> None:
    assert decoded(Fact, json.loads(json.dumps(encoded(FACT)))) == FACT


def test_what_may_be_null_or_has_a_usual_value_may_be_left_out_and_more_is_passed_over() -> None:
    told = encoded(FACT)
    for name in ("maybe", "number", "left_out", "usual"):
        del told[name]
    assert decoded(Fact, {**told, "something": "new"}) == FACT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7),
        ("name", None),
        ("count", True),
        ("count", "3"),
        ("count", 3.0),
        ("amount", 12.9),
        ("amount", 12),
        ("amount", "12.9"),
        ("amount", "12,90"),
        ("amount", "1e3"),
        ("amount", "NaN"),
        ("amount", "١٢.٩٠"),
        ("day", "22/11/2026"),
        ("day", "2026-02-30"),
        ("day", "20261122"),
        ("at", "2026-11-22T07:30:00"),
        ("at", "soon"),
        ("colour", "blue"),
        ("colour", ["red"]),
        ("inner", None),
        ("inner", []),
        ("many", {}),
        ("many", [{"amount": "1.00"}, {}]),
        ("maybe", {"amount": None}),
        ("usual", None),
    ],
)
def test_what_is_nearly_a_fact_is_none_and_the_place_is_named_without_the_value(field: str, value: Any) -> None:
    with pytest.raises(MalformedFactError) as malformed:
        decoded(Fact, {**encoded(FACT), field: value})
    assert str(malformed.value).startswith(f"answer.{field}")


@pytest.mark.parametrize("name", ["name", "count", "amount", "day", "at", "colour", "inner", "many"])
def test_what_is_needed_must_be_there(name: str) -> None:
    told = encoded(FACT)
    del told[name]
    with pytest.raises(MalformedFactError):
        decoded(Fact, told)


@pytest.mark.parametrize(
    "iban",
    [
        "ES91 2100 0418 4502 0005 1332",
        "es91-2100-0418-4502-0005-1332",
        "DE89 3704 0044 0532 0130 00",
        "FR14 2004 1010 0505 0001 3M02 606",
        "PT50 0002 0123 1234 5678 9015 4",
        "NL91 ABNA 0417 1643 00",
        "GB29 NWBK 6016 1331 9268 19",
    ],
)
def test_a_real_account_is_taken_in_any_spelling(iban: str) -> None:
    assert normalised(iban) == iban.replace(" ", "").replace("-", "").upper()


def test_a_mistyped_digit_or_two_that_changed_places_are_noticed() -> None:
    iban = "ES9121000418450200051332"
    for place in range(2, len(iban)):
        wrong = iban[:place] + str((int(iban[place]) + 1) % 10) + iban[place + 1 :]
        with pytest.raises(InvalidIbanError):
            normalised(wrong)
    for place in range(4, len(iban) - 1):
        if iban[place] != iban[place + 1]:
            with pytest.raises(InvalidIbanError):
                normalised(iban[:place] + iban[place + 1] + iban[place] + iban[place + 2 :])


@pytest.mark.parametrize(
    "text", ["", "1234", "XX91 2100 0418 4502 0005 1332", "ES91 2100 0418 4502 0005 133", "ＥＳ91"]
)
def test_what_is_no_account_is_refused(text: str) -> None:
    with pytest.raises(InvalidIbanError):
        normalised(text)


def test_a_masked_account_shows_its_country_and_its_end() -> None:
    assert masked("ES9121000418450200051332") == "ES·· ···· 1332"
