"""Phone numbers in one form. Pure."""

from __future__ import annotations

COUNTRY_CODE = "34"
DIGITS_WITHOUT_COUNTRY = 9


def international(phone: str) -> str:
    """«+34600001001»: a number without a country code is taken for a Spanish one."""
    digits = "".join(character for character in phone if character.isascii() and character.isdigit())
    return f"+{COUNTRY_CODE}{digits}" if len(digits) == DIGITS_WITHOUT_COUNTRY else f"+{digits}"
