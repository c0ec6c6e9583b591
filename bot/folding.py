"""Making texts alike that mean the same: case, accents, stretched letters, numbers, phone spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = re.compile(r"['’`´ʼ]")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_LONG_NUMBER = re.compile(r"\d{3,}")
_WORD = re.compile(r"[^\W_]+")
_SIGNS = str.maketrans({"👍": " ok ", "👌": " ok ", "✅": " ok ", "👎": " no "})

# How people write on a phone, in either language, already folded.
ABBREVIATIONS: dict[str, str] = {
    "q": "que", "k": "que", "ke": "que", "qe": "que", "xq": "porque", "xk": "porque", "pq": "porque", "pk": "porque",
    "porq": "porque", "porke": "porque", "x": "por", "xfa": "por favor", "xfavor": "por favor", "pf": "por favor",
    "porfa": "por favor", "porfi": "por favor", "porfis": "por favor", "plis": "por favor", "tb": "tambien",
    "tmb": "tambien", "tbn": "tambien", "tmbn": "tambien", "tambn": "tambien", "m": "me", "t": "te", "d": "de",
    "dl": "del", "cn": "con", "sn": "sin", "pa": "para", "pal": "para el", "toy": "estoy",
    "aki": "aqui", "kiero": "quiero", "qiero": "quiero", "qero": "quiero", "kien": "quien",
    "qien": "quien", "kuanto": "cuanto", "qanto": "cuanto", "cuant": "cuanto", "kuando": "cuando", "cnd": "cuando",
    "cdo": "cuando",
    "dnd": "donde", "dond": "donde", "xa": "para", "msj": "mensaje", "msg": "mensaje", "grax": "gracias",
    "grcs": "gracias", "gcs": "gracias", "grs": "gracias", "tlf": "telefono", "tfno": "telefono", "tel": "telefono",
    "num": "numero", "fra": "factura", "fact": "factura", "bn": "bien", "ntp": "no te preocupes",
    "sip": "si", "sep": "si", "nop": "no", "wenas": "buenas", "wenos": "buenos", "ola": "hola", "olas": "hola",
    "asta": "hasta", "ablar": "hablar", "ay": "hay", "aver": "a ver",
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "plss": "please", "thx": "thanks",
    "tnx": "thanks", "ty": "thank you", "tks": "thanks", "thnx": "thanks", "cuz": "because", "coz": "because",
    "bc": "because",
    "wanna": "want to", "gonna": "going to", "gotta": "got to", "gimme": "give me", "dunno": "dont know",
    "idk": "i dont know", "w": "with", "wo": "without", "abt": "about", "ppl": "people", "acct": "account",
    "acc": "account", "mth": "month", "mnth": "month", "tmrw": "tomorrow", "hv": "have", "wat": "what", "wot": "what",
    "wen": "when", "hw": "how", "yep": "yes", "yup": "yes", "yeah": "yes", "nope": "no",
}  # fmt: skip


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text's words in their plainest form, separated by single blanks."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold().translate(_SIGNS)))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = _LONG_NUMBER.sub("000", _STRETCHED.sub(r"\1", plain))
    return " ".join(ABBREVIATIONS.get(word, word) for word in _WORD.findall(plain))
