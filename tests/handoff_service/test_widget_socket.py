"""The widget's socket, frame by frame: what comes in wrong, twice, late, too much, or from somewhere else."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets

from tests.doubles.service import Service
from tests.doubles.widget import Widget, identity, open_widget


async def test_the_same_id_again_gets_the_same_ack_and_no_second_turn(service: Service) -> None:
    async with open_widget(service.url) as widget:
        first = await widget.say("una vez", message_id="dup")
        second = await widget.say("una vez", message_id="dup")
        await widget.message("assistant")
        later = await widget.quiet(1.0)
    assert first == second
    assert not [f for f in later if f["type"] == "message"]
    assert sum(1 for a in service.asked() if a["text"] == "una vez") == 1


async def test_a_reload_and_a_second_tab_show_the_same_conversation(service: Service) -> None:
    async with open_widget(service.url) as tab:
        await tab.say("hola, buenas tardes a todos")
        await tab.message("assistant")
        async with (
            open_widget(service.url, token=tab.token) as other,
            open_widget(service.url, token=tab.token, after=2) as resumed,
        ):
            welcome = other.frames[0]
            assert [m["seq"] for m in welcome["messages"]] == [1, 2, 3]
            assert [m["seq"] for m in resumed.frames[0]["messages"]] == [3]
            await other.say("desde la otra pestaña")
            assert (await tab.message("customer"))["text"] == "desde la otra pestaña"
            assert (await tab.message("assistant"))["seq"] == 5
            assert (await resumed.message("assistant"))["seq"] == 5


@pytest.mark.parametrize(
    "frame",
    [
        "no es json",
        "[]",
        "42",
        '{"type":"unknown"}',
        '{"type":"message","text":"sin id"}',
        '{"type":"message","id":"","text":"x"}',
        '{"type":"message","id":7,"text":"x"}',
        '{"type":"message","id":"x","text":null}',
        '{"type":"message","id":"x","text":"   "}',
        "[" * 30000,
        '{"type":"hello","after":-1}',
    ],
)
async def test_a_bad_frame_gets_an_error_and_the_socket_stays_open(service: Service, frame: str) -> None:
    async with open_widget(service.url) as widget:
        await widget.send(frame)
        error = await widget.until(lambda f: f["type"] == "error")
        assert error["code"] == "bad_request"
        assert error["message"]
        assert (await widget.say("sigue abierto"))["type"] == "ack"


async def test_a_binary_frame_is_answered_like_any_bad_one(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.socket.send(b"\x00\xff")
        assert (await widget.until(lambda f: f["type"] == "error"))["code"] == "bad_request"


async def test_before_hello_nothing_else_is_taken_and_the_socket_may_still_greet(service: Service) -> None:
    async with open_widget(service.url, greet=False) as widget:
        error = await widget.say("hola", message_id="early")
        assert (error["code"], error["id"]) == ("bad_request", "early")
        assert (await widget.hello())["type"] == "welcome"


@pytest.mark.slow
async def test_without_hello_the_socket_is_closed_after_ten_seconds(service: Service) -> None:
    async with open_widget(service.url, greet=False) as widget:
        with pytest.raises(websockets.ConnectionClosed):
            await widget.until(lambda f: False, seconds=13)


async def test_overlong_text_is_refused_and_the_longest_allowed_is_taken(service: Service) -> None:
    async with open_widget(service.url) as widget:
        refused = await widget.say("x" * 4001)
        taken = await widget.say("é" * 4000)
    assert (refused["type"], refused["code"]) == ("error", "too_long")
    assert taken["type"] == "ack"


async def test_odd_characters_are_stored_and_shown(service: Service) -> None:
    odd = "a\u0000b \ud800 \u202eabc 😀 <b>&amp; /restart"
    async with open_widget(service.url) as widget:
        await widget.send(json.dumps({"type": "message", "id": "odd", "text": odd}))
        shown = await widget.message("customer")
    assert shown["text"].startswith("ab ")
    assert "<b>&amp; /restart" in shown["text"]


async def test_errors_speak_the_customer_s_language(service: Service) -> None:
    async with open_widget(service.url, locale="en-GB") as widget:
        error = await widget.say("x" * 4001)
    assert "4000" in error["message"].replace(",", "")
    assert "mensaje" not in error["message"]


async def test_thirty_in_a_burst_pass_and_six_hundred_do_not(service: Service) -> None:
    async with open_widget(service.url) as widget:
        for n in range(30):
            await widget.send({"type": "message", "id": f"b{n}", "text": f"mensaje número {n}"})
        for n in range(30):
            await widget.until(lambda f, n=n: f["type"] == "ack" and f["id"] == f"b{n}")  # type: ignore[misc]
        for n in range(600):
            await widget.send({"type": "message", "id": f"f{n}", "text": "inundación"})
        error = await widget.until(lambda f: f["type"] == "error")
    assert error["code"] == "rate_limited"
    assert error["retry_after"] >= 1


async def test_a_burst_is_answered_together_and_a_fragment_waits_for_the_rest(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("hola")
        await asyncio.sleep(0.3)
        await widget.say("¿cuánto cuesta el roaming en Suiza?")
        answer = await widget.message("assistant")
        later = await widget.quiet(1.0)
    assert answer["text"] == "eco: hola\n¿cuánto cuesta el roaming en Suiza?"
    assert not [f for f in later if f["type"] == "message"]


async def test_only_buttons_that_were_offered_are_acted_upon(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("hazlo ya", payload='/restart{"a": 1}')
        assert (await widget.message("assistant"))["text"] == "eco: hazlo ya"
        await widget.say("Ver tarifas", payload="/tariff_list")
        assert (await widget.message("assistant"))["text"] == "eco: /tariff_list"
        await widget.say("ver TARIFAS")
        assert (await widget.message("assistant"))["text"] == "eco: /tariff_list"
    payloads = [a["payload"] for a in service.asked() if a["conversation_id"] == widget.conversation_id]
    assert payloads == [None, "/tariff_list", "/tariff_list"]


async def test_typing_and_ping(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.send({"type": "ping"})
        assert (await widget.until(lambda f: f["type"] == "pong")) == {"type": "pong"}
        await widget.say("una pregunta entera")
        assert (await widget.until(lambda f: f["type"] == "typing"))["author"] == "assistant"


async def test_an_invented_token_opens_nothing_and_the_socket_may_greet_again(service: Service) -> None:
    async with open_widget(service.url, greet=False) as widget:
        assert (await widget.hello(token="invented"))["code"] == "unauthorized"
        assert (await widget.hello())["type"] == "welcome"


@pytest.mark.parametrize(
    "bad", [identity("C-1", secret="another-secret-of-thirty-two-letters!"), identity("C-1", seconds=-5), "x.y.z"]
)
async def test_an_identity_that_does_not_hold_is_refused(service: Service, bad: str) -> None:
    async with open_widget(service.url, greet=False) as widget:
        assert (await widget.hello(identity=bad))["code"] == "unauthorized"


async def test_a_customer_has_one_conversation_on_all_devices(service: Service) -> None:
    async with open_widget(service.url, identity=identity("C-devices")) as phone:
        await phone.say("desde el móvil, con la fibra caída")
        await phone.message("assistant")
        async with open_widget(service.url, identity=identity("C-devices")) as laptop:
            assert laptop.conversation_id == phone.conversation_id
            assert laptop.token != phone.token
            assert len(laptop.frames[0]["messages"]) == 3


async def test_an_anonymous_conversation_becomes_the_customer_s_at_the_first_login(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("antes de entrar, una duda")
        await widget.message("assistant")
        anonymous = widget.conversation_id
        await widget.hello(token=widget.token, identity=identity("C-first"))
        assert widget.conversation_id == anonymous
        bound = widget.token
    async with open_widget(service.url, greet=False) as stranger:
        assert (await stranger.hello(token=bound))["code"] == "unauthorized"
        assert (await stranger.hello(token=bound, identity=identity("C-other")))["code"] == "unauthorized"
        assert (await stranger.hello(token=bound, identity=identity("C-first")))["conversation_id"] == anonymous


async def test_an_anonymous_conversation_is_not_mixed_into_one_that_exists(service: Service) -> None:
    async with open_widget(service.url, identity=identity("C-old")) as old:
        await old.say("mi conversación de siempre, de verdad")
        await old.message("assistant")
        theirs = old.conversation_id
    async with open_widget(service.url) as widget:
        await widget.say("alguien distinto en el mismo ordenador")
        await widget.message("assistant")
        anonymous = widget.conversation_id
        welcome = await widget.hello(token=widget.token, identity=identity("C-old"))
    assert welcome["conversation_id"] == theirs != anonymous
    assert "alguien distinto" not in str(welcome)


async def test_a_verified_customer_is_vouched_for_and_nobody_else(service: Service) -> None:
    async with open_widget(service.url, identity=identity("C-vouched")) as known, open_widget(service.url) as unknown:
        await known.say("cuánto debo en total")
        await known.message("assistant")
        await unknown.say("cuánto debo en total")
        await unknown.message("assistant")
    asked = {a["conversation_id"]: a for a in service.asked()}
    assert asked[known.conversation_id]["verification"]
    assert asked[known.conversation_id]["customer"] == {"name": "Lucía"}
    assert asked[unknown.conversation_id]["verification"] is None


async def _status_with_origin(service: Service, origin: str) -> int:
    try:
        async with websockets.connect(service.url.replace("http", "ws") + "/v1/widget", origin=origin):  # type: ignore[arg-type]
            return 101
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


async def test_a_foreign_site_may_not_embed_the_widget(service: Service) -> None:
    assert await _status_with_origin(service, "https://evil.example") == 403
    assert await _status_with_origin(service, service.url) == 101


async def test_an_agent_s_typing_reaches_the_customer_and_back(service: Service) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url) as widget:
            await widget.say("quiero una persona")
            await widget.owner("queue")
            listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            handoff = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
            ana.post(f"/handoffs/{handoff['id']}/claim")
            async with websockets.connect(service.url.replace("http", "ws") + "/v1/desk") as socket:
                desk = Widget(socket)
                await desk.send({"type": "hello", "token": "wrong"})
                assert (await desk.until(lambda f: f["type"] == "error"))["code"] == "unauthorized"
                await desk.send({"type": "hello", "token": "token-of-ana"})
                welcome = await desk.until(lambda f: f["type"] == "welcome")
                assert handoff["id"] in [h["id"] for h in welcome["handoffs"]]
                await desk.send({"type": "typing", "handoff_id": handoff["id"]})
                typing = await widget.until(lambda f: f["type"] == "typing" and f["author"] == "agent")
                assert typing["name"] == "Ana"
                await widget.send({"type": "typing"})
                await desk.until(lambda f: f["type"] == "typing" and f["handoff_id"] == handoff["id"])
                await widget.say("¿estás ahí?")
                frame = await desk.until(lambda f: f["type"] == "message" and f["message"]["author"] == "customer")
                assert frame["message"]["text"] == "¿estás ahí?"
                assert frame["handoff_id"] == handoff["id"]
