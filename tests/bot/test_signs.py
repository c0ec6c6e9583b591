"""What is told between the lines is learnt from whole messages; what says nothing tells nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.linear_model import LinearModel
from bot.signs import LOOK_ALIKES, NOTHING, SignReader, read_signs, sign_files
from tests.bot.project import ROOT

SIGNS = ROOT / "data" / "signs"


@pytest.fixture(scope="module")
def reader() -> SignReader:
    """Learnt from the trainers' messages, with a handful of ordinary ones beside them."""
    told = [(text, sign) for sign, texts in read_signs(SIGNS).items() for text in texts]
    ordinary = ["cuánto debo este mes", "qué tarifas hay", "when is my bill due", "my wifi is slow"] * 30
    texts, signs = zip(*told, *((text, NOTHING) for text in ordinary), strict=True)
    storage: Any = None
    model = LinearModel.trained(list(texts), list(signs))
    return SignReader({**SignReader.get_default_config(), "messages": str(SIGNS)}, storage, storage, model)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("me han llegado códigos que no pedí y el banco dice que hay movimientos raros", "fraud"),
        ("Hi there. My router is fine. I would rather have one of you ring me about it", "asks_person"),
    ],
)
def test_a_sign_is_told_without_the_words_for_it(reader: SignReader, text: str, sign: str) -> None:
    assert sign in reader.told(text)


@pytest.mark.parametrize("text", ["600 111 222", "hola", "F2611-1001", "щфщ", "", "¿cuánto debo este mes?"])
def test_what_says_nothing_tells_nothing(reader: SignReader, text: str) -> None:
    assert reader.told(text) == {}


def test_look_alikes_are_learnt_and_never_told(reader: SignReader) -> None:
    told = {sign for text in read_signs(SIGNS)["harmless"][:50] for sign in reader.told(text)}
    assert not told & LOOK_ALIKES


def test_every_sign_has_messages_in_both_languages() -> None:
    assert sign_files(SIGNS)
    for path in sign_files(SIGNS):
        text = Path(path).read_text(encoding="utf-8")
        assert "\nes: |\n  - " in text and "\nen: |\n  - " in text, path.name
