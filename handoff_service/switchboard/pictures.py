"""Pictures are drawn anew: what is kept is what is seen, and nothing that was written in or behind it.

Where and with what a photograph was taken (EXIF, XMP, IPTC), its thumbnail, comments, colour profiles and bytes after
its end don't outlive this. What somebody hides in the dots themselves may.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageSequence

MOST_FRAMES = 1000
MOST_PIXELS = 52_000_000  # of all frames together; cameras of "50 megapixels" have a little more
PIXELS_KEPT = 16_000_000  # a larger one is made smaller: a page of small print is still read well
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
KINDS = frozenset(FORMATS)
MOVING = frozenset({"PNG", "GIF", "WEBP"})
HOW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85},
    "PNG": {},
    "GIF": {},
    "WEBP": {"quality": 85, "method": 2},
}
CHUNK, CHECKSUM = struct.Struct(">I4s"), 4
CHUNKS_OF_DOTS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
ORIENTATION = 0x0112  # the tag of EXIF that says how the camera was held
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureBroken(Exception):
    """Nobody could see it."""


class PictureTooLarge(Exception):
    """It has more dots or frames than `MOST_PIXELS` and `MOST_FRAMES` allow."""


def redrawn(content: bytes, mime: str) -> bytes:
    """The same picture of the same kind, upright, without anything but its dots.

    Raises `PictureTooLarge`, for which its head is read before a dot is drawn, and `PictureBroken`. Takes up to a
    second and a few hundred megabytes: not for the event loop.
    """
    kind = FORMATS[mime]
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            moves = kind in MOVING and getattr(picture, "n_frames", 1) > 1
            n_frames = getattr(picture, "n_frames", 1) if moves else 1
            if n_frames > MOST_FRAMES or picture.width * picture.height * n_frames > MOST_PIXELS:
                raise PictureTooLarge
            if kind == "PNG" and _has_only_dots(content) and _fitting(picture.size, n_frames) == picture.size:
                picture.load()
                return content
            return _film(picture, kind, n_frames) if moves else _still(picture, kind)
    except PictureTooLarge:
        raise
    except Image.DecompressionBombError as error:
        raise PictureTooLarge from error
    except Exception as error:  # decoders fail in many ways, and each of them means this
        raise PictureBroken from error


def _has_only_dots(content: bytes) -> bool:
    """A PNG, as screenshots are, in which nothing stands but what its dots need, to the last byte."""
    at: int = len(b"\x89PNG\r\n\x1a\n")
    while at + CHUNK.size <= len(content):
        length, kind = CHUNK.unpack_from(content, at)
        at += CHUNK.size + length + CHECKSUM
        if kind not in CHUNKS_OF_DOTS:
            return False
        if kind == b"IEND":
            return at == len(content)
    return False


def _still(picture: Image.Image, kind: str) -> bytes:
    if kind == "JPEG":
        picture.draft(None, _fitting(picture.size, 1))  # a large one is never unpacked in full
    picture.load()
    return _saved(_upright(_bare(picture, kind), _orientation(picture)), kind)


def _film(picture: Image.Image, kind: str, n_frames: int) -> bytes:
    """A moving picture, each frame anew; how long each stands and how often all are shown is kept."""
    turn = _orientation(picture)
    lengths = []

    def frames() -> Iterator[Image.Image]:
        for frame in ImageSequence.Iterator(picture):
            frame.load()  # only then does a frame tell its length
            lengths.append(int(frame.info.get("duration", 100)) or 100)
            yield _upright(_bare(frame, kind, n_frames), turn)

    first, *others = frames()
    repeated = {} if picture.info.get("loop") is None else {"loop": int(picture.info["loop"])}
    return _saved(first, kind, save_all=True, append_images=others, duration=lengths, **repeated)


def _bare(picture: Image.Image, kind: str, n_frames: int = 1) -> Image.Image:
    """Its dots in a plain colour space, no larger than what is kept, with nothing beside them."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    elif picture.mode not in ("L", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data and kind != "JPEG" else "RGB")
    elif "transparency" in picture.info:
        picture = picture.convert("RGBA")
    size = _fitting(picture.size, n_frames)
    bare = picture.copy() if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)
    bare.info = {}
    return bare


def _fitting(size: tuple[int, int], n_frames: int) -> tuple[int, int]:
    """The size in which a picture is kept: its own, or in the same shape as large as all its frames may be."""
    width, height = size
    scale = min(1.0, math.sqrt(PIXELS_KEPT / (width * height * n_frames)))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _orientation(picture: Image.Image) -> int:
    """How the camera was held; upright where that can't be read, since the picture itself can."""
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _saved(picture: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **HOW[kind], **more)
    return out.getvalue()
