"""Numbers that are hidden before Slack and before trainers: all that are real, and nothing that agents need."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from handoff_service.switchboard.rules.redaction import redacted
from handoff_service.switchboard.rules.sensitive import HIDDEN, masked, sensitive_number, sensitive_spans

DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
BEFORE = st.sampled_from(["", "mi número es ", "pagué con ", "it's ", "nº", "(", "tarjeta:", "«"])
AFTER = st.sampled_from(["", ".", ", gracias", " y ya", " caduca 12/27", " 123", ")", "\n45,90 €", "»", " ok?"])


def _digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=least, max_size=most or least)


def _luhn_digit(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


@st.composite
def cards(draw: st.DrawFn) -> str:
    start, length = draw(st.sampled_from([("4", 16), ("52", 16), ("2221", 16), ("37", 15), ("6011", 16), ("4", 13)]))
    body = start + draw(_digits(length - 1 - len(start)))
    assume(len(set(body)) > 1)
    number = body + _luhn_digit(body)
    cuts = draw(st.sampled_from([(length,), (4,) * 4, (4, 6, 5), (2,) * 8]))
    gap = draw(st.sampled_from([" ", "-", ".", "  ", "\u00a0"]))
    parts, place = [], 0
    for cut in (*cuts, length):
        parts.append(number[place : place + cut])
        place += cut
    return gap.join(filter(None, parts))


@st.composite
def accounts(draw: st.DrawFn) -> str:
    bank, account = draw(_digits(8)), draw(_digits(10))
    control = _ccc_digit("00" + bank) + _ccc_digit(account)
    bban = bank + control + account
    number = f"ES{98 - int(bban + '142800') % 97:02}{bban}"
    spaced = " ".join(number[n : n + 4] for n in range(0, 24, 4))
    written = draw(st.sampled_from([number, spaced, spaced.replace(" ", "-")]))
    return draw(st.sampled_from([written, written.lower()]))


def _ccc_digit(ten: str) -> str:
    weighed = 11 - sum(int(d) * w for d, w in zip(ten, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6), strict=True)) % 11
    return {10: "1", 11: "0"}.get(weighed, str(weighed))


@st.composite
def documents(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        body, shown = (number := draw(_digits(8))), number
        shown = draw(st.sampled_from([shown, f"{shown[:2]}.{shown[2:5]}.{shown[5:]}"]))
    else:
        foreigner, number = draw(st.sampled_from("XYZ")), draw(_digits(7))
        body, shown = str("XYZ".index(foreigner)) + number, foreigner + draw(st.sampled_from(["", "-"])) + number
    letter = DNI_LETTERS[int(body) % 23]
    written = shown + draw(st.sampled_from(["", "-", " "])) + letter
    return written if written[-2] == " " else draw(st.sampled_from([written, written.lower()]))


@given(BEFORE, st.one_of(cards(), accounts(), documents()), AFTER)
@example("", "4111 1111 1111 1111", " 123")
@example("", "ES91 2100 0418 4502 0005 1332", " y ya")
def test_every_real_number_is_hidden_wherever_it_stands(before: str, number: str, after: str) -> None:
    shown = masked(f"{before}{number}{after}")
    assert HIDDEN in shown
    assert number not in shown
    digits = "".join(filter(str.isdigit, number))
    assert digits[:-4] not in "".join(filter(str.isdigit, shown))
    assert number not in redacted(f"{before}{number}{after}")


@st.composite
def harmless(draw: st.DrawFn) -> str:
    """What stands in customers' messages every day and what an agent must be able to read."""
    day, month, year = draw(st.integers(1, 28)), draw(st.integers(1, 12)), draw(st.integers(2015, 2030))
    return draw(
        st.one_of(
            st.builds("F{}-{}".format, _digits(4), _digits(4)),
            st.builds("R-{}".format, st.text("23456789ABCDEFGHJKMNPQRSTUVWXYZ", min_size=6, max_size=6)),
            st.builds("{}{} {} {}".format, st.sampled_from("6789"), _digits(2), _digits(3), _digits(3)),
            st.builds("{}{}".format, st.sampled_from("6789"), _digits(8)),
            st.builds("+34 {}{}".format, st.sampled_from("6789"), _digits(8)),
            st.builds("+52 1 {} {} {}".format, _digits(2), _digits(4), _digits(4)),
            st.builds("+{}".format, _digits(11, 15)),
            st.builds("+54 9 11 {}-{}".format, _digits(4), _digits(4)),
            st.sampled_from(
                [
                    f"{day:02}/{month:02}/{year}",
                    f"{year}-{month:02}-{day:02}",
                    f"{year}-{month:02}-{day:02} 10:45:12",
                    f"{day}-{month}-{year}",
                ]
            ),
            st.builds("{}.{},{} €".format, _digits(1, 3), _digits(3), _digits(2)),
            st.builds("{} GB".format, _digits(1, 3)),
            st.builds("CP {}".format, _digits(5)),
            st.builds("pedido {}".format, _digits(6, 7)),
            st.builds("{} a nombre de Ana".format, _digits(8)),
        )
    )


@given(st.lists(harmless(), min_size=1, max_size=4), st.sampled_from([", ", " y ", "; ", "\n"]))
@example(["F2611-1001", "612 345 678", "20/11/2026"], ", ")
def test_invoices_telephones_dates_and_sums_stay(parts: list[str], between: str) -> None:
    text = between.join(parts)
    assert masked(text) == text


@given(st.text(max_size=300))
def test_any_text_can_be_masked_and_twice_is_once(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    spans = sensitive_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert (once == text) == (not spans)


@given(cards(), st.sampled_from(["Straße ﬁn ", "İstanbul ", "ｎｏ ", "🏳️‍🌈 "]))
def test_letters_that_grow_when_folded_shift_nothing(card: str, before: str) -> None:
    shown = masked(f"{before}{card} fin")
    assert shown.startswith(before)
    assert shown.endswith(" fin")
    assert card not in shown


@given(cards())
def test_full_width_digits_are_digits(card: str) -> None:
    wide = card.translate({ord(digit): chr(0xFF10 + int(digit)) for digit in string.digits})
    assert sensitive_number(wide) == "card"


@given(cards(), st.integers(0, 9))
def test_a_wrong_check_digit_is_no_card(card: str, other: int) -> None:
    assume(card[-1] != str(other))
    assert sensitive_number(card[:-1] + str(other)) != "card" or len(card.split()) > 4


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mi tarjeta 4111 1111 1111 1111 caduca en 12/27", "mi tarjeta •••• 1111 caduca en 12/27"),
        ("4111111111111111 cvv 123", "•••• 1111 cvv 123"),
        ("la cuenta es91 2100 0418 4502 0005 1332 y no otra", "la cuenta •••• 1332 y no otra"),
        ("2100 0418 4502 0005 1332", "•••• 1332"),
        ("GB82WEST12345698765432", "•••• 5432"),
        ("mi DNI es 12345678Z.", "mi DNI es ••••."),
        ("dni: 12345678", "dni: ••••"),
        ("RFC GODE561231GR8", "RFC ••••"),
        ("CURP HEGG560427MVZRRL04", "CURP ••••"),
        ("RUT 12.345.678-5", "RUT ••••"),
        ("20-12345678-6", "••••"),
        ("34612345678 es mi móvil", "34612345678 es mi móvil"),
        ("pedido 12345678 a nombre de mi madre", "pedido 12345678 a nombre de mi madre"),
        ("0034 612 345 678 / 0034 655 123 457", "0034 612 345 678 / 0034 655 123 457"),
    ],
)
def test_what_stays_tells_two_numbers_apart_and_no_more(text: str, left: str) -> None:
    assert masked(text) == left


def test_a_long_message_of_digits_is_masked_in_no_time() -> None:
    assert len(masked("1 " * 2000)) == 4000
    assert len(masked("ES12 " * 800)) == 4000
