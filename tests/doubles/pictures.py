"""Pictures as phones and browsers send them, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

CORNER, GROUND = (220, 20, 20), (20, 60, 200)


def picture(kind: str, width: int = 40, height: int = 24, **how: Any) -> bytes:
    """Blue, with a red corner at its top left: 40 by 24 dots."""
    image = Image.new("RGB", (width, height), GROUND)
    image.paste(CORNER, (0, 0, width // 4, height // 3))
    return saved(image, kind, **how)


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def looks_like(image: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    """Whether this dot has about this colour: what is drawn anew is not the same to the last bit."""
    seen = image.convert("RGB").getpixel(place)
    assert isinstance(seen, tuple)
    return all(abs(a - b) < 40 for a, b in zip(seen, colour, strict=True))


def png_that_says(width: int, height: int) -> bytes:
    """A PNG whose head says this size; its body is one empty chunk, so that drawing it is refused for sure."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
