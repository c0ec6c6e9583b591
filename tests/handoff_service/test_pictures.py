"""Pictures are drawn anew before they are kept: nothing in or behind them outlives it, and no bomb goes off."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from handoff_service.switchboard import pictures
from handoff_service.switchboard.files import Cabinet, PictureRefused
from handoff_service.switchboard.pictures import PictureBroken, PictureTooLarge, redrawn
from tests.doubles.pictures import CORNER, GROUND, looks_like, opened, picture, png_that_says, saved

HIDDEN = b"Calle-de-nadie-7"
KINDS = ("PNG", "JPEG", "GIF", "WEBP")


def mime(kind: str) -> str:
    return f"image/{kind.lower()}"


def location(orientation: int = 1) -> Image.Exif:
    """What a phone writes: how it was held, who made it, and where it was (40.4 north, 3.7 west)."""
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = orientation
    exif[0x010F] = HIDDEN.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 24.0, 0.0), 3: "W", 4: (3.0, 42.0, 0.0)})
    return exif


def with_secrets(kind: str) -> bytes:
    """A picture with something hidden everywhere that its format has room."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", HIDDEN.decode())
    how = {
        "PNG": {"exif": location(), "pnginfo": text, "icc_profile": HIDDEN},
        "JPEG": {"exif": location(), "comment": HIDDEN, "icc_profile": HIDDEN, "xmp": HIDDEN},
        "GIF": {"comment": HIDDEN},
        "WEBP": {"exif": location(), "icc_profile": HIDDEN, "xmp": HIDDEN},
    }[kind]
    return picture(kind, **how) + b"<script>" + HIDDEN + b"</script>"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_or_behind_a_picture_is_kept_but_what_is_seen(kind: str) -> None:
    sent = with_secrets(kind)
    kept = redrawn(sent, mime(kind))
    assert HIDDEN in sent
    assert HIDDEN not in kept and b"<script" not in kept
    seen = opened(kept)
    assert (seen.format, seen.size) == (kind, (40, 24))
    assert not dict(seen.getexif()) and not {"icc_profile", "comment", "xmp", "exif"} & set(seen.info)
    assert looks_like(seen, (2, 2), CORNER) and looks_like(seen, (30, 20), GROUND)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (40, 24), (2, 2)),
        (2, (40, 24), (37, 2)),
        (3, (40, 24), (37, 21)),
        (4, (40, 24), (2, 21)),
        (5, (24, 40), (2, 2)),
        (6, (24, 40), (21, 2)),
        (7, (24, 40), (21, 37)),
        (8, (24, 40), (2, 37)),
        (99, (40, 24), (2, 2)),
    ],
)
def test_however_the_phone_was_held_the_picture_stands_upright(
    kind: str, orientation: int, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    seen = opened(redrawn(picture(kind, exif=location(orientation)), mime(kind)))
    assert seen.size == size
    assert looks_like(seen, corner, CORNER)
    assert looks_like(seen, (size[0] - 1 - corner[0], size[1] - 1 - corner[1]), GROUND)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", mode) for mode in ("1", "L", "LA", "P", "I;16", "RGBA")]
    + [("JPEG", mode) for mode in ("L", "CMYK")]
    + [("GIF", "P"), ("WEBP", "RGBA")],
)
def test_every_kind_of_colours_is_drawn(kind: str, mode: str) -> None:
    sent = saved(Image.new(mode, (8, 6)), kind)
    assert opened(sent).mode == mode
    assert opened(redrawn(sent, mime(kind))).size == (8, 6)


def test_grey_of_sixteen_bits_stays_grey() -> None:
    seen = opened(redrawn(saved(Image.new("I;16", (8, 6), 0x8000), "PNG") + b"behind its end", "image/png"))
    assert seen.convert("L").getpixel((0, 0)) == 0x80


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_can_be_seen_through_stays_so(kind: str) -> None:
    clear = Image.new("RGBA", (8, 6), (0, 0, 0, 0))
    seen = opened(redrawn(saved(clear, kind), mime(kind))).convert("RGBA").getpixel((3, 3))
    assert isinstance(seen, tuple) and seen[3] == 0


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_moving_picture_keeps_moving(kind: str) -> None:
    frames = [Image.new("RGB", (10, 10), (80 * n, 0, 0)) for n in range(3)]
    sent = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)
    seen = Image.open(io.BytesIO(redrawn(sent, mime(kind))))
    lengths = []
    for number in range(3):
        seen.seek(number)
        seen.load()
        lengths.append(int(seen.info["duration"]))
        assert looks_like(seen, (5, 5), (80 * number, 0, 0))
    assert (lengths, seen.info["loop"]) == ([100, 200, 300], 0)


def test_a_bomb_is_refused_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = saved(Image.new("1", (8000, 8000)), "PNG")
    assert len(bomb) < 20_000
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was drawn"))
    for size in ((8000, 8000), (60_000, 60_000)):
        with pytest.raises(PictureTooLarge):
            redrawn(bomb if size == (8000, 8000) else png_that_says(*size), "image/png")


def test_frames_count_together_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.new("RGB", (10, 10), (n, 0, 0)) for n in range(6)]
    film = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert redrawn(film, "image/gif")
    with monkeypatch.context() as patched:
        patched.setattr(pictures, "MOST_PIXELS", 599)
        with pytest.raises(PictureTooLarge):
            redrawn(film, "image/gif")
    monkeypatch.setattr(pictures, "MOST_FRAMES", 5)
    with pytest.raises(PictureTooLarge):
        redrawn(film, "image/gif")


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_one_is_made_smaller_in_the_same_shape(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PIXELS_KEPT", 20_000)
    seen = opened(redrawn(picture(kind, 400, 200), mime(kind)))
    assert seen.size == (200, 100)
    assert looks_like(seen, (10, 10), CORNER) and looks_like(seen, (190, 90), GROUND)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", ["cut off", "only its head", "another kind"])
def test_what_is_no_whole_picture_is_kept_as_the_bytes_it_is(kind: str, broken: str, tmp_path: Path) -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    whole = saved(noise, kind)
    other = "image/png" if kind != "PNG" else "image/gif"
    content, told = {
        "cut off": (whole[: len(whole) // 2], mime(kind)),
        "only its head": (whole[:32], mime(kind)),
        "another kind": (whole, other),
    }[broken]
    with pytest.raises(PictureBroken):
        redrawn(content, told)
    if broken != "another kind":
        kept = Cabinet(tmp_path).put("conversation", "foto", content)
        assert (tmp_path / kept.id).read_bytes() == content


def test_one_with_too_many_dots_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(PictureRefused):
        Cabinet(tmp_path).put("conversation", "foto", png_that_says(60_000, 60_000))
    assert list(tmp_path.iterdir()) == []


def test_a_png_of_nothing_but_dots_is_kept_as_it_is_and_no_other() -> None:
    bare = saved(Image.new("RGB", (8, 6), (1, 2, 3)), "PNG")
    assert redrawn(bare, "image/png") == bare
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "Calle Mayor 1")
    for more in (saved(Image.new("RGB", (8, 6), (1, 2, 3)), "PNG", pnginfo=told), bare + b"behind its end"):
        assert redrawn(more, "image/png") == bare
