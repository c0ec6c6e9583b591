"""Time and names as a workspace hands them out: stamps rise strictly, ids look like Slack's."""

from __future__ import annotations

import random
import time

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


class Clock:
    """Message stamps ("1712345678.000100") that rise strictly, however fast they are asked for."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> float:
        return time.time()

    def stamp(self) -> str:
        self._last = max(int(self.now() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


class Ids:
    """Identifiers in Slack's shapes, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._numbers = 0

    def make(self, prefix: str, length: int = 9) -> str:
        """Such as `U8K3QP0ZRT` for the prefix U; never the same twice."""
        self._numbers += 1
        tail = f"{self._numbers:X}"
        return prefix + "".join(self._random.choices(LETTERS, k=length - len(tail))) + tail

    def short(self) -> str:
        """A block's or element's generated id."""
        return "".join(self._random.choices(LETTERS + LETTERS.lower(), k=5))

    def trigger(self) -> str:
        first, second = self._random.randrange(10**12, 10**13), self._random.randrange(10**11, 10**12)
        return f"{first}.{second}.{self._random.getrandbits(128):032x}"

    def token(self, length: int = 24) -> str:
        return "".join(self._random.choices(LETTERS + LETTERS.lower(), k=length))

    def uuid(self) -> str:
        bits = f"{self._random.getrandbits(128):032x}"
        return "-".join((bits[:8], bits[8:12], bits[12:16], bits[16:20], bits[20:]))
