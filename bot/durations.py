"""How long customers say that something has been going on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.phrases import number

_DAYS = {
    "hora": 0.05, "horas": 0.05, "dia": 1, "dias": 1, "semana": 7, "semanas": 7, "mes": 30, "meses": 30, "ano": 365,
    "anos": 365, "manana": 0.3, "tarde": 0.3, "noche": 0.3, "quincena": 15,
    "hour": 0.05, "hours": 0.05, "day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30, "months": 30, "year": 365,
    "years": 365, "morning": 0.3, "afternoon": 0.3, "fortnight": 14,
}  # fmt: skip
_MANY = {"dias": 3, "days": 3, "semanas": 14, "weeks": 14, "meses": 60, "months": 60, "horas": 0.2, "hours": 0.2}
_MONTHS_WORDS = """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre january february march
april june july august september october november december
"""
_MONTHS = frozenset(_MONTHS_WORDS.split())
_WEEKDAYS_WORDS = """
lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday
"""
_WEEKDAYS = frozenset(_WEEKDAYS_WORDS.split())
_BEFORE_WORDS = """
llevo llevamos lleva llevan hace van desde tras despues esperando for been waiting waited since past last over
took after espero pierdo seguimos sigo went gone
"""
_BEFORE = frozenset(_BEFORE_WORDS.split())
_AFTER_WORDS = """
esperando waiting sin without reclamando detras ago llamando pidiendo preguntando incomunicada incomunicado
incomunicados now already asi pagando intentando trying chasing calling asking peleando igual dando y and later
despues tarde late que
"""
_AFTER = frozenset(_AFTER_WORDS.split())
# «Llevo dos años con vosotros» is loyalty, not waiting.
_LOYAL_WORDS = """
vosotros ustedes cliente clientes clienta customer customers you permanencia contract
"""
_LOYAL = frozenset(_LOYAL_WORDS.split())
_NEAR = 5
_SINCE_MONTH = 60.0
_SINCE_WEEKDAY = 3.0
_WHOLE = {"semana": 5.0, "week": 5.0, "mes": 30.0, "month": 30.0, "dia": 1.0, "day": 1.0, "manana": 0.3, "tarde": 0.3}


def waiting_days(words: Sequence[str]) -> float:
    """For how many days it has been so, by folded words; 0 if nothing is said of it."""
    return max(_told(words), default=0.0)


def disputed_months(words: Sequence[str]) -> int:
    """For how many months, where what is told is about charges; 1 for «every month»."""
    text = " ".join(words)
    every = any(
        phrase in text for phrase in ("cada mes", "todos los meses", "every month", "mes tras mes", "each month")
    )
    named = len({word for word in words if word in _MONTHS})
    return max(int(waiting_days(words) // 28), 2 if every else 0, named if named > 1 else 0)


def _told(words: Sequence[str]) -> Iterator[float]:
    for at, word in enumerate(words):
        before, after = set(words[max(0, at - _NEAR) : at]), set(words[at + 1 : at + 1 + _NEAR])
        if "desde" in before or "since" in before:
            if word in _MONTHS:
                yield _SINCE_MONTH
            elif word in _WEEKDAYS:
                yield _SINCE_WEEKDAY
        if word not in _DAYS or after & _LOYAL or not (before & _BEFORE or after & _AFTER):
            continue
        if "whole" in before or words[max(0, at - 2) : at] in (["toda", "la"], ["todo", "el"]) or "all" in before:
            yield _WHOLE.get(word, 0.0)
        counted = number(words[at - 1]) if at else None
        if counted is not None and counted < 100:
            yield counted * _DAYS[word]
        elif word in _MANY:
            yield float(_MANY[word])
