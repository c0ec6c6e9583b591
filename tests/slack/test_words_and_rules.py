"""The desk's plain functions: markup, sensitive numbers, order, the desk file, the signature, the manifest."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.desks.slack.mrkdwn import emoji_in, escape, to_plain
from handoff_service.desks.slack.posts import LONGEST_SECTION, pieces
from handoff_service.desks.slack.relaying import note_text
from handoff_service.desks.slack.signature import is_slacks
from handoff_service.desks.slack.words import load_desk_words
from handoff_service.desks.slack.worker import Waiting, released
from handoff_service.settings import SettingsAreWrong
from handoff_service.switchboard.inbox import Incoming
from handoff_service.switchboard.rules.handoff import Reason
from handoff_service.switchboard.rules.sensitive import sensitive_number

ROOT = Path(__file__).resolve().parents[2]


@given(st.text())
def test_escaped_text_can_call_nobody(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"<[!@#h]", escaped)
    assert to_plain(escaped, lambda _: None).count("<") == text.count("<") or re.search(r"[*_~`:]", text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("<https://a.example/x_y_z>", "https://a.example/x_y_z"),
        ("<https://a.example|aquí>", "aquí (https://a.example)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<tel:+34900123123|900 123 123>", "900 123 123 (+34900123123)"),
        ("hola <@U1> y <@U2>", "hola @Ana y @U2"),
        ("<!channel> <!here|aquí> <#C1|soporte>", "@channel aquí #soporte"),
        ("*negrita* _cursiva_ ~no~ `código`", "negrita cursiva no código"),
        ("marca *123# o *456#", "marca *123# o *456#"),
        ("ruta_con_guiones 3 * 4 * 5", "ruta_con_guiones 3 * 4 * 5"),
        ("5 &lt; 7 &amp;&amp; 7 &gt; 5 &amp;lt;", "5 < 7 && 7 > 5 &lt;"),
        ("hola :wave: :nope:", "hola 👋 :nope:"),
    ],
)
def test_markup_becomes_plain_words(typed: str, plain: str) -> None:
    assert to_plain(typed, {"U1": "Ana"}.get, {"wave": "👋"}) == plain


def test_the_pictures_of_emoji_are_read_from_rich_text() -> None:
    flag, own = {"type": "emoji", "name": "flag-es", "unicode": "1f1ea-1f1f8"}, {"type": "emoji", "name": "own"}
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [flag, own]}]}]
    assert emoji_in(blocks) == {"flag-es": "🇪🇸"}
    assert emoji_in(None) == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mi tarjeta 4111 1111 1111 1111 caduca", "card"),
        ("4111-1111-1111-1112", None),
        ("ES9121000418450200051332 y gracias", "iban"),
        ("es91 2100 0418 4502 0005 1332", "iban"),
        ("ES9121000418450200051333", None),
        ("DNI 12345678Z", "identity"),
        ("12345678A", None),
        ("X1234567L", "identity"),
        ("12.345.678-5", "identity"),  # RUT
        ("529.982.247-25", "identity"),  # CPF
        ("GODE561231HVZRRN09", None),
        ("mi cédula es 1.032.456.789", "identity"),
        ("20-12345678-6", "identity"),  # CUIT
        ("llámame al 612 345 678 o al 900 123 123", None),
        ("factura 2026-000123 de 45,90 €", None),
        ("pedido 123456789012", None),
    ],
)
def test_numbers_that_should_not_slip_out_are_told_by_their_check_digits(text: str, kind: str | None) -> None:
    assert sensitive_number(text) == kind


@given(st.text(alphabet=st.sampled_from("ab &<>\n"), max_size=9000))
def test_long_text_is_cut_without_losing_or_breaking_anything(text: str) -> None:
    escaped = escape(text)
    parts = pieces(escaped)
    assert all(len(part) <= LONGEST_SECTION for part in parts)
    assert "".join(parts).replace("\n", "") == escaped.replace("\n", "")
    assert not any(re.search(r"&[a-z]{0,3}$", part) for part in parts)


@pytest.mark.parametrize("line", ["nota: x", "NOTA:x", "Note : x", "  note:   x"])
def test_a_line_that_calls_itself_a_note_is_one(line: str) -> None:
    assert note_text(line) == "x"
    assert note_text(f"la {line}") is None


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _event(number: int, moment: float, age: float, kind: str = "line", due_in: float = -1.0) -> Waiting:
    came = NOW - timedelta(seconds=age)
    payload: dict[str, Any] = {"kind": kind, "moment": str(moment)}
    return Waiting(Incoming(number, f"E{number}", payload, came, 0), NOW + timedelta(seconds=due_in), "h")


def test_lines_are_released_in_the_order_of_their_stamps_after_a_short_window() -> None:
    group = [_event(1, 3.0, 0.5), _event(2, 1.0, 0.1), _event(3, 2.0, 0.4), _event(4, 4.0, 0.1)]
    assert [each.incoming.id for each in released(group, NOW)] == [2, 3, 1]


def test_a_press_pulls_the_lines_before_it_and_leaves_those_after_it() -> None:
    group = [_event(1, 2.0, 0.0, "press"), _event(2, 1.0, 0.0), _event(3, 3.0, 0.0)]
    assert [each.incoming.id for each in released(group, NOW)] == [2, 1]


def test_nothing_overtakes_a_line_that_must_be_tried_again() -> None:
    group = [_event(1, 1.0, 9.0, due_in=5.0), _event(2, 2.0, 9.0)]
    assert released(group, NOW) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("agents:\n  Ana:\n    slack: ana\n", "line 3: `ana` is no Slack member ID"),
        ("agents:\n  Ana: {role: boss}\n", "line 2: `boss` is no role"),
        ("agents:\n  Ana: {slack: U1}\n  Eva: {slack: U1}\n", "line 3: `Eva` has the Slack user U1"),
        ("lenguage: es\n", "line 1: unknown key `lenguage`"),
        ("language: fr\n", "line 1: `fr` is no language"),
        ("timezone: Mars/Base\n", "line 1: `Mars/Base` is no time zone"),
        ("agents:\n  - Ana\n", "line 2: `agents` must consist of"),
        ("agents: {Ana: [\n", "line 2:"),
    ],
)
def test_a_wrong_desk_file_is_told_with_its_line_and_a_remedy(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "desk.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsAreWrong, match=re.escape(f"desk.yml, {complaint}")):
        load_desk_file(file)


def test_a_desk_file_maps_people_and_keeps_the_keys_of_later(tmp_path: Path) -> None:
    file = tmp_path / "desk.yml"
    file.write_text(
        "language: en\nteams: {billing: {topics: [refund]}}\nlimits: {waiting: 300}\n"
        "agents:\n  Ana: {slack: U1, role: supervisor, capacity: 3}\n  Eva:\n",
        encoding="utf-8",
    )
    desk = load_desk_file(file)
    assert desk.language == "en"
    ana = desk.of_slack_user("U1")
    assert ana is not None and ana.name == "Ana" and ana.supervisor
    assert desk.agents["Eva"].slack is None


def _signature(secret: str, at: str, body: bytes) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("at", ["700", "1300", "abc", "", "-1000", "9" * 400, "１０００"])
def test_only_a_fresh_signature_over_the_raw_body_is_slacks(at: str) -> None:
    assert is_slacks("s", "1000", _signature("s", "1000", b"{}"), b"{}", 1000.5)
    assert not is_slacks("s", "1000", _signature("s", "1000", b"{}"), b"{ }", 1000)
    assert not is_slacks("s", "1000", _signature("t", "1000", b"{}"), b"{}", 1000)
    assert not is_slacks("", "1000", _signature("", "1000", b"{}"), b"{}", 1000)
    assert not is_slacks("s", "1000", "", b"{}", 1000)
    late = {"700": 1000.9, "1300": 998.0}
    assert not is_slacks("s", at, _signature("s", at, b"{}"), b"{}", late.get(at, 1000) + (1 if at == "700" else 0))


def test_the_desk_speaks_both_languages_and_names_every_reason() -> None:
    def names(node: Any, at: str = "") -> set[str]:
        if not isinstance(node, dict):
            return {at}
        return {name for key, value in node.items() for name in names(value, f"{at}.{key}")}

    es, en = load_desk_words("es").sentences, load_desk_words("en").sentences
    assert names(es) == names(en)
    assert {reason.value for reason in Reason} <= set(es["reasons"])


def test_the_manifest_asks_for_what_the_desk_uses_and_no_more() -> None:
    manifest = yaml.safe_load((ROOT / "slack" / "manifest.yml").read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {
        "channels:history", "channels:read", "groups:history", "groups:read", "chat:write", "commands",
        "files:read", "files:write", "reactions:write", "users:read",
    }  # fmt: skip
    events = {"message.channels", "message.groups", "app_home_opened"}
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == events
    assert manifest["features"]["app_home"]["home_tab_enabled"]
    assert manifest["settings"]["socket_mode_enabled"] and manifest["settings"]["interactivity"]["is_enabled"]
