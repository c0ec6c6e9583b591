"""Numbers that should not slip out: cards, bank accounts, identity documents, told by their check digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_CARD = re.compile(r"(?<!\d)\d(?:[ .-]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}")
_SPANISH = re.compile(r"\b(?:[XYZ][ .-]?)?\d{1,2}\.?\d{3}\.?\d{3}[ .-]?[A-Z]\b")
_CURP = re.compile(r"\b[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d\b")
_RUT = re.compile(r"\b\d{1,2}\.?\d{3}\.?\d{3}-[\dK]\b")
_CPF = re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b")
_CUIT = re.compile(r"\b(?:20|23|24|25|26|27|30|33|34)-?\d{8}-?\d\b")
_CALLED = re.compile(
    r"\b(?:DNI|NIE|NIF|C[EÉ]DULA|CEDULA|CURP|RUT|RUN|CPF|CUIT|CUIL|PASAPORTE|PASSPORT|C\.?C\.?|C\.?I\.?)"
    r"(?: ?(?:N[º°O.]+|NRO\.?|N[UÚ]MERO|NUMBER|ES|IS|DE IDENTIDAD|DE CIUDADAN[IÍ]A))*[ :#.]*"
    r"(?:[A-Z]{0,3}[ .-]?\d(?:[ .-]?\d){5,11})"
)
DOCUMENTS = (_SPANISH, _CURP, _RUT, _CPF, _CUIT, _CALLED, _CARD)  # by their looks alone, without check digits
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CURP_VALUES = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def sensitive_number(text: str) -> str | None:
    """`card`, `iban` or `identity` where the text seems to carry such a number, else None."""
    upper = text.upper()
    if _any(_CARD, upper, is_card):
        return "card"
    if _any(_IBAN, upper, begins_with_iban):
        return "iban"
    return "identity" if _has_identity(upper) else None


def _has_identity(text: str) -> bool:
    checks: list[tuple[re.Pattern[str], Callable[[str], bool]]] = [
        (_SPANISH, is_spanish), (_CURP, is_curp), (_RUT, is_rut), (_CPF, is_cpf), (_CUIT, is_cuit),
    ]  # fmt: skip
    return any(_any(pattern, text, check) for pattern, check in checks) or _CALLED.search(text) is not None


def _any(pattern: re.Pattern[str], text: str, check: Callable[[str], bool]) -> bool:
    return any(check(re.sub(r"[^A-Z0-9]", "", found)) for found in _found(pattern, text))


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (found.group(0) for found in pattern.finditer(text))


def is_card(digits: str) -> bool:
    """Luhn's sum."""
    if len(set(digits)) == 1:
        return False
    doubled = [int(d) * (1 + index % 2) for index, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def begins_with_iban(candidate: str) -> bool:
    """Remainder 1 of 97; what follows the number may be taken for a part of it, so each length is tried."""
    for length in range(15, min(len(candidate), 34) + 1):
        turned = candidate[4:length] + candidate[:4]
        if int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1:
            return True
    return False


def is_spanish(candidate: str) -> bool:
    """DNI or NIE with its control letter."""
    is_foreigner = candidate[0] in "XYZ"
    digits = candidate[1:-1] if is_foreigner else candidate[:-1]
    if len(digits) != (7 if is_foreigner else 8):
        return False
    number = int(str("XYZ".index(candidate[0])) + digits) if is_foreigner else int(digits)
    return _LETTERS[number % 23] == candidate[-1]


def is_curp(candidate: str) -> bool:
    """Mexico's CURP."""
    total = sum(_CURP_VALUES.index(letter) * (18 - place) for place, letter in enumerate(candidate[:17]))
    return (10 - total % 10) % 10 == int(candidate[17])


def is_rut(candidate: str) -> bool:
    """Chile's RUT."""
    total = sum(int(d) * (2 + place % 6) for place, d in enumerate(reversed(candidate[:-1])))
    return "0123456789K0"[11 - total % 11] == candidate[-1]


def is_cpf(digits: str) -> bool:
    """Brazil's CPF."""
    for length in (9, 10):
        total = sum(int(d) * (length + 1 - place) for place, d in enumerate(digits[:length]))
        if total * 10 % 11 % 10 != int(digits[length]):
            return False
    return len(set(digits)) > 1


def is_cuit(digits: str) -> bool:
    """Argentina's CUIT or CUIL."""
    total = sum(int(d) * weight for d, weight in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False))
    return (11 - total % 11) % 11 == int(digits[10])
