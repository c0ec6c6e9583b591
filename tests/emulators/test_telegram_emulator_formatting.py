"""Marked text: what Telegram makes of it, how it counts, and its words for what is wrong."""

from __future__ import annotations

import pytest

from tests.emulators.telegram.formatting.entities import FormattedText, trimmed, utf16_length, with_found
from tests.emulators.telegram.formatting.html_markup import MarkupError, parse_html
from tests.emulators.telegram.formatting.markdown_v2 import parse_markdown_v2

Marks = list[tuple[str, int, int]]


def marks(formatted: FormattedText) -> Marks:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in formatted.entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Tu factura", "Tu factura", []),
        ("Son <b>23 €</b>", "Son 23 €", [("bold", 4, 4)]),
        ("👋 <i>hola</i>", "👋 hola", [("italic", 3, 4)]),
        ("<b>a <i>b</i></b>", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&#233;&#xe9;", '1 < 2 && 3 > 2 "éé', []),
        ("&nbsp;&hellip;", "&nbsp;&hellip;", []),
        ("<B>grita</>", "grita", [("bold", 0, 5)]),
        ('<a href="https://relevo.test/a?b=1&amp;c=2">aquí</a>', "aquí", [("text_link", 0, 4)]),
        ("<a href='nada'>aquí</a>", "aquí", []),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<span class=tg-spoiler>fin</span>", "fin", [("spoiler", 0, 3)]),
        ("<blockquote expandable>cita</blockquote>", "cita", [("expandable_blockquote", 0, 4)]),
        ("vacío<b></b>", "vacío", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(source: str, text: str, expected: Marks) -> None:
    formatted = parse_html(source)
    assert (formatted.text, marks(formatted)) == (text, expected)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("café < té > x", 'Unsupported start tag "" at byte offset 6'),
        ("<p>hola</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("¡<br/>!", 'Unsupported start tag "br/" at byte offset 2'),
        ("<b>hola", 'Can\'t find end tag corresponding to start tag "b"'),
        ("hola</b>", "Unexpected end tag at byte offset 4"),
        ("<b>ñ</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b =1>x</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<b x=a/b>x</b>", "Unexpected end of name token at byte offset 5"),
        (
            "&#xD83D;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_wrong_html_is_refused_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_html(source)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Son *23 €*", "Son 23 €", [("bold", 4, 4)]),
        ("Son 23\\.50", "Son 23.50", []),
        ("👋 _hola_ __ya__", "👋 hola ya", [("italic", 3, 4), ("underline", 8, 2)]),
        ("~no~ ||secreto||", "no secreto", [("strikethrough", 0, 2), ("spoiler", 3, 7)]),
        ("`a*b` y ```py\nx = 1```", "a*b y x = 1", [("code", 0, 3), ("pre", 6, 5)]),
        ("[aquí](https://relevo.test/a\\)b)", "aquí", [("text_link", 0, 4)]),
        (">uno\n>dos\ntres", "uno\ndos\ntres", [("blockquote", 0, 8)]),
        (">uno\n>dos||", "uno\ndos", [("expandable_blockquote", 0, 7)]),
    ],
)
def test_markdown_v2_is_read_as_telegram_reads_it(source: str, text: str, expected: Marks) -> None:
    formatted = parse_markdown_v2(source)
    assert (formatted.text, marks(formatted)) == (text, expected)


@pytest.mark.parametrize("character", list("])>#+-=|{}.!"))
def test_what_is_reserved_in_markdown_v2_has_to_be_escaped(character: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_markdown_v2(f"a {character} b")
    assert str(refusal.value) == f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
    assert parse_markdown_v2(f"a \\{character} b").text == f"a {character} b"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("ñ *hola", "Can't find end of Bold entity at byte offset 3"),
        ("`hola", "Can't find end of Code entity at byte offset 0"),
        ("[aquí](https://relevo", "Can't find end of a URL at byte offset 8"),
    ],
)
def test_endless_markdown_v2_is_refused_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_markdown_v2(source)
    assert str(refusal.value) == complaint


def test_emoji_count_twice() -> None:
    assert utf16_length("ñ") == 1
    assert utf16_length("😀") == 2
    assert utf16_length("👍🏽") == 4


def test_white_space_around_a_text_goes_and_its_marks_move_along() -> None:
    formatted = trimmed(FormattedText("  hola  ", ({"type": "bold", "offset": 1, "length": 7},)))
    assert (formatted.text, marks(formatted)) == ("hola", [("bold", 0, 4)])


def test_telegram_marks_commands_links_addresses_and_numbers_by_itself() -> None:
    text = "/start@relevo_bot 😀 @lucia_r www.relevo.test/x, a@b.es #ayuda +34 600 111 222 y/o 3/4"
    assert marks(with_found(FormattedText(text))) == [
        ("bot_command", 0, 17),
        ("mention", 21, 8),
        ("url", 30, 17),
        ("email", 49, 6),
        ("hashtag", 56, 6),
        ("phone_number", 63, 15),
    ]


def test_nothing_is_marked_inside_code() -> None:
    formatted = with_found(parse_html("<code>/start</code> /ayuda"))
    assert marks(formatted) == [("code", 0, 6), ("bot_command", 7, 6)]
