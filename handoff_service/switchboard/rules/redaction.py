"""Takes out of a customer's words what tells who they are, before anybody learns from them. Rather too much."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handoff_service.switchboard.rules.sensitive import DOCUMENTS, replaced

OUT = "XXXX"
_NAME = r"[A-ZÁÉÍÓÚÑÜ][\w'’-]+(?: (?:de |del |la )?[A-ZÁÉÍÓÚÑÜ][\w'’-]+){0,3}"
_AFTER_CALLED = re.compile(
    r"(?P<before>\b(?:me llamo|mi nombre es|soy la|soy el|soy|a nombre de|my name is|my name's|i am|i'm|this is) )"
    rf"(?P<name>(?-i:{_NAME}))",
    re.I,
)
_STREET = re.compile(
    r"\b(?:calle|c/|avenida|avda\.?|av\.|plaza|paseo|camino|carretera|colonia|street|road|avenue|lane)\s*"
    r"(?-i:[A-ZÁÉÍÓÚÑÜ0-9]|de |del |la |el )[^,;.!?\n]{0,40}?\d+\w*",
    re.I,
)
_OTHERS = (
    re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.I),
    re.compile(r"\b[A-Z]{1,4}-[A-Z0-9]{5,12}\b"),  # case and order codes
    re.compile(r"\+?\d(?:[ ./()-]{0,2}\d){5,}"),  # telephones, accounts, contracts, dates of birth
    re.compile(r"(?<!\w)@\w{3,}"),
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}[ .-]?[A-Z0-9]{4}(?:[ .-]?(?=\w{0,3}\d)\w{4}){2,6}(?:[ .-]?\d{1,4})?\b", re.I)
_DOCUMENTS = tuple(re.compile(pattern.pattern, re.I) for pattern in DOCUMENTS)


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """The text with numbers of people and things, addresses and names replaced; `names` are those known for sure."""
    text = replaced(text, lambda _kind, _number: OUT)
    for pattern in (_ACCOUNT, *_DOCUMENTS, *_OTHERS, _STREET):
        text = pattern.sub(OUT, text)
    text = _AFTER_CALLED.sub(lambda found: found["before"] + OUT, text)
    for part in sorted({part for name in names for part in name.split() if len(part) > 2}, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(part)}\b", OUT, text, flags=re.I)
    return text
