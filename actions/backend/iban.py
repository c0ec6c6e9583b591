"""Bank accounts: whether an IBAN can be right (ISO 13616, mod 97), and how one is shown. Pure."""

from __future__ import annotations

import re

SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
# fmt: off
LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}
# fmt: on
SHOWN_AT_THE_END = 4


class InvalidIbanError(ValueError):
    """It is no IBAN of a country in the single euro payments area, or its check digits are wrong."""


def normalised(text: str) -> str:
    """The IBAN without blanks, dashes and dots, in capitals; InvalidIbanError when it cannot be one."""
    iban = re.sub(r"[\s.\-]", "", text).upper()
    if SHAPE.fullmatch(iban) is None or LENGTHS.get(iban[:2]) != len(iban):
        raise InvalidIbanError
    if int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 != 1:
        raise InvalidIbanError
    return iban


def masked(iban: str) -> str:
    """«ES·· ···· 1332»: the country and the last four, all that is kept and shown."""
    return f"{iban[:2]}·· ···· {iban[-SHOWN_AT_THE_END:]}"
