"""Nothing a customer writes reaches Rasa as a command."""

from __future__ import annotations

import random
import unicodedata

import pytest

from bot.plain_text import NOTHING_SAID, neutralised

BLANKS_AND_SLASHES = [
    chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zs", "Zl", "Zp")
] + list("/\u2044\u2215\u29f8\uff0f")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hola", "hola"),
        ("  hola  ", "hola"),
        ("/restart", "restart"),
        (" \u200b／human", "human"),
        ("a/b", "a/b"),
        ("¿cuánto debo?", "¿cuánto debo?"),
        ("-5 €", "-5 €"),
        ("😀 hola", "😀 hola"),
        ("ñandú", "ñandú"),
        ("/", NOTHING_SAID),
        ("\u200b\u200b", NOTHING_SAID),
        ("hola\x00", "hola"),
    ],
)
def test_what_is_written_is_read_without_what_could_command(written: str, read: str) -> None:
    assert neutralised(written) == read


def test_no_mixture_of_blanks_and_slashes_leaves_a_slash_in_front() -> None:
    chance = random.Random(7)
    for _ in range(5_000):
        hidden = "".join(chance.choices(BLANKS_AND_SLASHES, k=chance.randint(1, 6)))
        read = neutralised(hidden + "/restart" + chance.choice(["", '{"a": 1}']))
        assert read.startswith("restart"), [hex(ord(character)) for character in hidden]


def test_what_is_read_can_be_stored() -> None:
    assert neutralised("a\ud800b").encode() == b"a?b"
