"""Numbers that should not slip out: cards, bank accounts, identity documents, told by their check digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.ar import cuit
from stdnum.br import cpf
from stdnum.cl import rut
from stdnum.es import ccc, dni, nie
from stdnum.mx import curp, rfc

CARD, ACCOUNT, IDENTITY = "card", "iban", "identity"
HIDDEN = "••••"
_SHOWN_DIGITS = 4  # of a card or an account, so that two can be told apart

_ORDINALS = {"º": ".", "ª": "."}  # «nº4111…»: not letters, though they fold to some

_BETWEEN = r"[ .\-‐-–\u00a0]{0,2}"
_DIGITS = re.compile(rf"(?<![\w+])[0-9](?:{_BETWEEN}[0-9]){{11,}}(?!\w)")
_IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}[0-9]{{2}}(?:{_BETWEEN}[A-Z0-9]){{11,30}}")
_SPANISH_BODY = r"(?:[0-9]{7,8}|[0-9]{1,2}[. ][0-9]{3}[. ][0-9]{3})[ .-]?[A-Z](?!\w)"
_DNI = re.compile(rf"(?<![\w+])(?<![0-9][.,-]){_SPANISH_BODY}")
_NIE = re.compile(rf"(?<!\w)[XYZ][ .-]?{_SPANISH_BODY}")
_CURP = re.compile(r"(?<!\w)[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[A-Z0-9][0-9](?!\w)")
_RFC = re.compile(r"(?<!\w)[A-ZÑ&]{3,4}[ -]?[0-9]{6}[ -]?[A-Z0-9]{3}(?!\w)")
_RUT = re.compile(r"(?<!\w)[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-[0-9K](?!\w)")
_CPF = re.compile(r"(?<!\w)[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?!\w)")
_CUIT = re.compile(r"(?<![\w+])(?:(?:2[0347]|3[034])-[0-9]{8}-[0-9]|2[0347][0-9]{9})(?!\w)")
_CALLED = re.compile(
    r"\b(?:DNI|NIE|NIF|C[EÉ]DULA|CEDULA|CURP|RUT|RUN|CPF|CUIT|CUIL|PASAPORTE|PASSPORT|C\.?C\.?|C\.?I\.?)"
    r"(?: ?(?:N[º°O.]+|NRO\.?|N[UÚ]MERO|NUMBER|ES|IS|DE IDENTIDAD|DE CIUDADAN[IÍ]A))*[ :#.]*"
    r"(?P<number>[A-Z]{0,3}[ .-]?[0-9](?:[ .-]?[0-9]){5,11}(?:-?[A-Z](?!\w))?)"
)
DOCUMENTS = (_DNI, _NIE, _CURP, _RUT, _CPF, _CUIT, _CALLED)  # by their looks alone, without check digits

# Of the schemes that customers here carry: how a number begins, and how long it is.
_SCHEMES = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3[689]"), (14, 16, 19)),
    (re.compile(r"352[89]|35[3-8]"), (16, 19)),
    (re.compile(r"6011|64[4-9]|65|62"), (16, 17, 18, 19)),
    (re.compile(r"50(?:18|20|38)|5893|6304|6759|676[1-3]"), (13, 14, 15, 16, 17, 18, 19)),
)


@dataclass(frozen=True)
class Span:
    """Where such a number stands in a text, and of what kind it is: `card`, `iban` or `identity`."""

    start: int
    end: int
    kind: str


def sensitive_number(text: str) -> str | None:
    """`card`, `iban` or `identity` where the text seems to carry such a number, else None."""
    kinds = {span.kind for span in sensitive_spans(text)}
    return next((kind for kind in (CARD, ACCOUNT, IDENTITY) if kind in kinds), None)


def masked(text: str) -> str:
    """The text with such numbers hidden; of cards and accounts the last four digits stay. Masking twice is once."""
    return replaced(text, _hide)


def replaced(text: str, by: Callable[[str, str], str]) -> str:
    """The text with `by(kind, number)` in the place of each such number."""
    for span in reversed(sensitive_spans(text)):
        text = text[: span.start] + by(span.kind, text[span.start : span.end]) + text[span.end :]
    return text


def sensitive_spans(text: str) -> list[Span]:
    """All such numbers in the order in which they stand; none overlap."""
    folded = _folded(text)
    taken: list[Span] = []
    for span in _candidates(text, folded):
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def _hide(kind: str, number: str) -> str:
    characters = re.sub(r"\W", "", number)
    return HIDDEN if kind == IDENTITY else f"{HIDDEN} {characters[-_SHOWN_DIGITS:]}"


def _folded(text: str) -> str:
    """Capitals and plain digits, character for character, so that places in it are places in the text."""
    folded = (unicodedata.normalize("NFKC", _ORDINALS.get(character, character)).upper() for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def _candidates(text: str, folded: str) -> Iterator[Span]:
    """Accounts before cards, since an account's digits may look like a card's; named numbers last."""
    for found in _IBAN.finditer(folded):
        yield from _parts(found, ACCOUNT, range(34, 14, -1), _is_iban, anywhere=False)
    for found in _DIGITS.finditer(folded):
        yield from _parts(found, ACCOUNT, (20,), ccc.is_valid)
        yield from _parts(found, CARD, range(19, 12, -1), is_card)
    checked: Iterable[tuple[re.Pattern[str], Callable[[str], bool]]] = (
        (_DNI, dni.is_valid), (_NIE, nie.is_valid), (_CURP, curp.is_valid), (_RFC, _is_rfc), (_RUT, rut.is_valid),
        (_CPF, cpf.is_valid), (_CUIT, cuit.is_valid),
    )  # fmt: skip
    for pattern, is_valid in checked:
        for found in pattern.finditer(folded):
            if is_valid(_bare(found.group())) and not _ends_with_a_word(text[found.start() : found.end()]):
                yield Span(*found.span(), IDENTITY)
    for found in _CALLED.finditer(folded):
        yield Span(*found.span("number"), IDENTITY)


def _parts(
    found: re.Match[str], kind: str, lengths: Iterable[int], is_valid: Callable[[str], bool], *, anywhere: bool = True
) -> Iterator[Span]:
    """Pieces of a run that are valid: what stands before or after a number may be taken for a part of it.

    A piece begins and ends where the run has a gap.
    """
    places = [place for place in range(*found.span()) if found.string[place].isalnum()]
    characters = "".join(found.string[place] for place in places)
    starts = [0, *(n for n in range(1, len(places)) if places[n] - places[n - 1] > 1)]
    ends = {*starts[1:], len(places)}
    for start in starts if anywhere else [0]:
        for length in lengths:
            if start + length in ends and is_valid(characters[start : start + length]):
                yield Span(places[start], places[start + length - 1] + 1, kind)
                break


def _bare(number: str) -> str:
    return re.sub(r"[^A-Z0-9Ñ&]", "", number)


def _ends_with_a_word(number: str) -> bool:
    """«12345678 y» is a number and a word; a control letter that stands alone is a capital."""
    return number[-2] == " " and number[-1].islower()


def is_card(digits: str) -> bool:
    """A known scheme's beginning and length, and Luhn's sum."""
    known = any(len(digits) in lengths and begins.match(digits) for begins, lengths in _SCHEMES)
    return known and len(set(digits)) > 1 and luhn.is_valid(digits)


def _is_iban(number: str) -> bool:
    """The country's length and form, and the check digits; a bank's own check digits are not asked for."""
    return bool(iban.is_valid(number, check_country=False))


def _is_rfc(number: str) -> bool:
    return bool(rfc.is_valid(number, validate_check_digits=True))
