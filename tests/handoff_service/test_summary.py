"""What agents are told of a case: three lines, signals in words, the mood. Plain functions over conversations."""

from __future__ import annotations

import pytest

from handoff_service.case_words import load_case_words
from handoff_service.switchboard.rules.mood import Level, mood_of
from handoff_service.switchboard.rules.summary import Line, Told, summarise

ES, EN = load_case_words("es"), load_case_words("en")


def _told(*lines: Line, **more: object) -> Told:
    known = {"name": "Lucía", "is_verified": True, "channel": "widget", "language": "es"}
    return Told(**{**known, "lines": lines, **more})  # type: ignore[arg-type]


def _said(text: str, topic: str | None = None, confidence: float = 0.9) -> Line:
    return Line("customer", text, topic, confidence)


def _answer(text: str = "…") -> Line:
    return Line("assistant", text)


def test_a_disputed_charge_is_told_with_its_topics_and_what_was_tried() -> None:
    mood = mood_of([(0.1, 0.0), (0.5, 0.0), (0.8, 0.0)])
    told = _told(
        _said("hola", "greeting"), _answer(),
        _said("¿cuánto debo?", "check_balance"), _answer("Debes 40 €."),
        _said("me habéis cobrado dos veces en octubre", "explain_charge"), _answer(),
        _said("quiero hablar con alguien", "human"),
        mood=mood,
    )  # fmt: skip
    assert summarise(told, ES).splitlines() == [
        "Lucía (identidad verificada) · Web, español · ánimo: muy frustrado, y va a más",
        "Quiere: Cuánto debe y Cargo en la factura. «me habéis cobrado dos veces en octubre»",
        "Hasta ahora: el asistente respondió sobre Cuánto debe y Cargo en la factura",
    ]


def test_a_bare_wish_for_a_person_claims_nothing_else() -> None:
    told = _told(_said("ponme con una persona", "human"), name=None, is_verified=False, channel="telegram")
    assert summarise(told, ES).splitlines() == [
        "Cliente sin identificar (sin verificar) · Telegram, español",
        "Quiere: hablar con una persona. «ponme con una persona»",
        "Hasta ahora: nada; es lo primero que escribe",
    ]


def test_what_was_not_understood_is_no_topic() -> None:
    told = _told(
        _said("la cosa esa va rara", "slow_speed", 0.2), _answer("No te he entendido"),
        _said("que va raro", "slow_speed", 0.3),
        language="en",
    )  # fmt: skip
    assert summarise(told, EN).splitlines()[1:] == [
        "Wants: «que va raro»",
        "So far: did not understand 2 messages",
    ]


@pytest.mark.parametrize(
    ("words", "text", "promise"),
    [
        (ES, "Registrada el 20 de noviembre de 2026 con el código R-7KM3QX, y tendrás respuesta, a más tardar, el "
             "11 de diciembre de 2026. Guarda el código.",
         "dado el código R-7KM3QX, con respuesta para el 11 de diciembre de 2026"),
        (EN, "Filed on 20 November 2026 with the code R-7KM3QX, and you'll have an answer by 11 December 2026.",
         "given the code R-7KM3QX, to be answered by 11 December 2026"),
        (ES, "Tu pedido PED-20331 sigue en marcha.", "dado el código PED-20331"),
    ],
)  # fmt: skip
def test_what_was_promised_is_told_with_its_code_and_date(words: object, text: str, promise: str) -> None:
    told = _told(_said("quiero reclamar", "complaint"), _answer(text), _answer("Tu código es R-7KM3QX."))
    expected = text.count("R-7KM3QX")
    assert promise in summarise(told, words).splitlines()[2]  # type: ignore[arg-type]
    assert summarise(told, words).count("R-7KM3QX") == 1 or not expected  # type: ignore[arg-type]


def test_codes_that_only_the_customer_named_are_no_promises() -> None:
    told = _told(_said("mi caso es el R-7KM3QX del 3/12", "case_status"), _answer("Un momento."))
    assert "dado el código" not in summarise(told, ES)


def test_failures_and_files_are_counted() -> None:
    told = _told(Line("customer", "", has_file=True), _said("mira la foto"), failed_turns=2)
    assert summarise(told, ES).splitlines()[2] == "Hasta ahora: falló 2 veces; envió un archivo"


def test_an_appeal_says_so() -> None:
    assert summarise(_told(_said("revisar"), is_appeal=True), ES).splitlines()[1] == (
        "Quiere: que se revise la pausa por insultos"
    )


def test_a_long_message_is_quoted_short_and_on_one_line() -> None:
    line = summarise(_told(_said("la factura\nestá mal " * 60, "explain_charge")), ES).splitlines()[1]
    assert len(line) < 220 and line.endswith("…»")


@pytest.mark.parametrize(
    ("signal", "es", "en"),
    [
        ({"name": "repeats_question", "value": 3}, "3.ª vez que pregunta lo mismo", "asks the same for the 3rd time"),
        (
            {"name": "repeats_question", "value": 12},
            "12.ª vez que pregunta lo mismo",
            "asks the same for the 12th time",
        ),
        ({"name": "waiting_days", "value": 2}, "2 días esperando", "waiting for 2 days"),
        ({"name": "waiting_days", "value": 1.0}, "un día esperando", "waiting for a day"),
        ({"name": "frustration", "value": 0.82}, "frustración del 82 %", "frustration 82 %"),
        ({"name": "corrects_answer", "value": True}, "corrige la respuesta", "corrects the answer"),
        ({"name": "intent_needs_person", "value": "refund"}, "«Devolución de dinero» lo lleva una persona", None),
        ({"name": "moon_phase", "value": 0.5}, "moon phase: 0.5", "moon phase: 0.5"),
        ({"name": "odd_wish"}, "odd wish", "odd wish"),
        ({"name": "frustration", "value": "high"}, "frustration: high", "frustration: high"),
        ({"name": "waiting_days", "value": "many"}, "waiting days: many", None),
        ({"name": "waiting_days", "value": True}, "lleva días esperando", "waiting for days"),
        ({"name": "repeats_question", "value": True}, "repite la pregunta", "repeats the question"),
    ],
)
def test_a_signal_is_told_in_words_with_its_value(signal: dict[str, object], es: str, en: str | None) -> None:
    assert ES.signal(signal) == es
    assert en is None or EN.signal(signal) == en


def test_signals_come_by_weight() -> None:
    signals = [{"name": "turns", "value": 6, "weight": 0.1}, {"name": "sarcasm", "weight": 0.6}, {"name": "proof"}]
    assert ES.signals(signals) == ["sarcasmo", "6 mensajes", "dice tener pruebas"]


@pytest.mark.parametrize(
    ("estimates", "level", "is_rising"),
    [
        ([(0.1, None)], Level.CALM, False),
        ([(0.1, None), (0.4, None)], Level.TENSE, True),
        ([(0.9, 0.1), (0.1, None)], Level.ANGRY, False),
        ([(0.2, 0.7)], Level.ABUSIVE, False),
        ([(0.9, None), *[(0.1, None)] * 4], Level.CALM, False),
    ],
)
def test_the_mood_is_the_worst_of_the_latest_messages(
    estimates: list[tuple[float | None, float | None]], level: Level, is_rising: bool
) -> None:
    mood = mood_of([(None, None), *estimates])
    assert mood is not None and (mood.level, mood.is_rising) == (level, is_rising)


def test_nothing_read_is_no_mood() -> None:
    assert mood_of([(None, None)]) is None
