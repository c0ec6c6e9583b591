"""Amounts, and numbers that stand for somebody or something: phone, postcode, bank account; and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.entities.found import Found

MB_IN_GB = 1000
_WORDS = {
    "uno": 1, "una": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "diez": 10, "quince": 15, "veinte": 20,
    "treinta": 30, "cincuenta": 50, "cien": 100, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
    "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
}  # fmt: skip
_AMOUNT = r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,6}(?:[.,]\d{1,2})?"
_SPELT = "|".join(_WORDS)
# «The one of May» counts nothing.
_SPELT_ALONE = "|".join(word for word, number in _WORDS.items() if number > 1)

_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<amount>{_AMOUNT}|\b(?:{_SPELT})\b)\s*(?:€|euros?\b|eur\b|eurillos\b|pavos\b)"
    rf"|€\s?(?P<amount2>{_AMOUNT}))"
)
_DATA = re.compile(
    rf"(?<![\w.,])(?P<amount>\d{{1,4}}(?:[.,]\d)?|{_SPELT})\s*"
    r"(?:(?P<giga>gb|gigas?|gigabytes?|gigs?|g)|(?P<mega>mb|megas?|megabytes?|megs?))\b"
)
_PHONE = re.compile(
    r"(?<![\w+])(?P<number>(?:\+|00)[1-9][\d .-]{7,16}\d"
    r"|[6789]\d{2}(?:[ .-]?\d{3}){2}|[6789]\d{2}(?:[ .-]?\d{2}){3})(?!\w)"
)
_POSTCODE = re.compile(r"(?<![\w+.,])(?P<code>(?:0[1-9]|[1-4]\d|5[0-2])\d{3})(?![\w]|[.,]\d|\s*(?:€|eur))")
# A group of letters alone is the next word, but for the bank's code in some countries right at the beginning.
_IBAN = re.compile(
    r"\b(?P<iban>es[\s-]?\d{2}(?:[\s-]?\d){20}"
    r"|[a-z]{2}[\s-]?\d{2}[\s-]?[a-z0-9]{4}(?:[\s-]?(?=[a-z]*\d)[a-z0-9]{4}){2,6}(?:[\s-]?(?=[a-z]*\d)[a-z0-9]{1,3})?)(?!\w)"
)
_IBAN_DIGITS = 10
_EMAIL = re.compile(r"(?P<email>[a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24})")
_NUMBER = re.compile(
    rf"(?<![\w+.,/])(?:(?P<number>\d{{1,4}})|(?<=de )(?P<spelt>{_SPELT_ALONE})|(?<=the )(?P<spelt2>{_SPELT_ALONE}))\b"
)
SPANISH_DIGITS, SPAIN = 9, "+34"


def money(text: str) -> Iterator[Found]:
    """Euros, as a decimal number with two places: «30 euros» is `30.00`."""
    for match in _MONEY.finditer(text):
        amount = _decimal(match["amount"] or match["amount2"])
        yield Found("money", f"{amount:.2f}", match.start(), match.end())


def data_amounts(text: str) -> Iterator[Found]:
    """Amounts of data in megabytes: «30 gigas» is 30000."""
    for match in _DATA.finditer(text):
        size = MB_IN_GB if match["giga"] else 1
        yield Found("data_amount", int(_decimal(match["amount"]) * size), match.start(), match.end())


def phones(text: str) -> Iterator[Found]:
    """Phone numbers with the country in front; nine digits without one are Spanish."""
    for match in _PHONE.finditer(text):
        digits = "".join(filter(str.isdigit, match["number"]))
        if match["number"].startswith("00"):
            digits = digits[2:]
        is_spanish = len(digits) == SPANISH_DIGITS and match["number"][0] not in "+0"
        yield Found("phone_number", (SPAIN if is_spanish else "+") + digits, match.start(), match.end())


def postcodes(text: str) -> Iterator[Found]:
    """Five digits of which the first two are a Spanish province."""
    for match in _POSTCODE.finditer(text):
        yield Found("postcode", match["code"], match.start(), match.end())


def ibans(text: str) -> Iterator[Found]:
    """What looks like an IBAN, without blanks and in capitals; its check digits may still be wrong."""
    for match in _IBAN.finditer(text):
        iban = re.sub(r"[\s-]", "", match["iban"]).upper()
        if sum(map(str.isdigit, iban)) >= _IBAN_DIGITS:
            yield Found("iban", iban, match.start(), match.end())


def emails(text: str) -> Iterator[Found]:
    """E-mail addresses in lower case."""
    for match in _EMAIL.finditer(text):
        yield Found("email", match["email"], match.start(), match.end())


def numbers(text: str) -> Iterator[Found]:
    """A bare number: «el de 30»."""
    for match in _NUMBER.finditer(text):
        spelt = match["spelt"] or match["spelt2"]
        yield Found("number", _WORDS[spelt] if spelt else int(match["number"]), match.start(), match.end())


def _decimal(figures: str) -> Decimal:
    """The number, whichever of point and comma the customer puts before the decimals."""
    if figures in _WORDS:
        return Decimal(_WORDS[figures])
    last = max(figures.rfind("."), figures.rfind(","))
    if last >= 0 and len(figures) - last - 1 <= 2:
        whole, decimals = figures[:last], figures[last + 1 :]
    else:
        whole, decimals = figures, "0"
    return Decimal(whole.replace(".", "").replace(",", "") + "." + decimals)
