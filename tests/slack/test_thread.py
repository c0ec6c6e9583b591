"""What is said in a thread: what goes out, what stays inside, what is corrected, held, or carries files."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.doubles.http import HTTP
from tests.doubles.pictures import opened, picture
from tests.doubles.widget import identity, open_widget
from tests.slack.desk import Case, SlackDesk

pytestmark = pytest.mark.timeout(300)
PNG = picture("PNG")
CARD_NUMBER = "4111 1111 1111 1111"


async def test_notes_and_colleagues_lines_never_reach_the_customer(desk: SlackDesk) -> None:
    async with desk.customer("Julia") as case:
        early = await case.writes(desk.luis, "¿la coge alguien?")
        await case.whispered(desk.luis, "quedó como nota interna")
        await case.claimed(desk.ana)
        await case.writes(desk.luis, "ojo, es la del router viejo")
        note = await case.writes(desk.ana, "NOTA: mirar el historial secreto")
        await case.writes(desk.ana, "Note: another secret")
        await case.reacted(note, "lock")
        await case.writes(desk.ana, "Hola Julia")
        await case.widget.message("agent", "Hola Julia")
        await case.until(lambda: len(case.notes()) == 4, "four notes")
        assert case.notes() == [
            early.text,
            "ojo, es la del router viejo",
            "mirar el historial secreto",
            "another secret",
        ]
        await case.widget.quiet(1.0)
        assert case.to_customer() == ["Hola Julia"]
        assert not [f for f in case.widget.frames if "secret" in str(f) or "router" in str(f)]
        assert len(desk.slack.thread(await case.card())) == 8  # the card, what went before, the claim, and five lines


async def test_edits_and_deletions_of_what_was_relayed_reach_the_customer(desk: SlackDesk) -> None:
    async with desk.customer("Karen") as case:
        await case.claimed(desk.ana)
        line = await case.writes(desk.ana, "te llamo el lunes")
        seq = (await case.widget.message("agent", "lunes"))["seq"]
        await asyncio.to_thread(desk.slack.edit, desk.ana, line, "te llamo el martes")
        edited = await case.widget.until(lambda f: f["type"] == "edited")
        assert (edited["seq"], edited["text"]) == (seq, "te llamo el martes")
        await asyncio.to_thread(desk.slack.delete, desk.ana, line)
        assert (await case.widget.until(lambda f: f["type"] == "deleted"))["seq"] == seq
        regretted = await case.writes(desk.ana, "esto era para Luis")
        seq = (await case.widget.message("agent", "para Luis"))["seq"]
        await asyncio.to_thread(desk.slack.edit, desk.ana, regretted, "nota: esto era para Luis")
        assert (await case.widget.until(lambda f: f["type"] == "deleted"))["seq"] == seq


async def test_a_line_with_a_card_number_waits_for_its_writers_press(desk: SlackDesk) -> None:
    async with desk.customer("Lidia") as case:
        await case.claimed(desk.ana)
        await case.writes(desk.ana, f"tu tarjeta es {CARD_NUMBER}")
        question = await case.whispered(desk.ana, "número de tarjeta")
        assert question.action_ids == ["handoff.send_held", "handoff.discard_held"]
        await case.widget.quiet(0.5)
        assert case.to_customer() == []
        assert await asyncio.to_thread(desk.slack.press, desk.ana, question, "handoff.discard_held")
        held = await case.writes(desk.ana, "tu cuenta es ES91 2100 0418 4502 0005 1332")
        question = await case.whispered(desk.ana, "(IBAN)")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, question, "handoff.send_held")
        assert "ES91" in (await case.widget.message("agent"))["text"]
        await case.reacted(held, "white_check_mark")
        await asyncio.to_thread(desk.slack.edit, desk.ana, held, "tu DNI es 12345678Z")
        question = await case.whispered(desk.ana, "documento de identidad")
        await case.widget.quiet(0.5)
        assert not [f for f in case.widget.frames if "12345678Z" in str(f) or "4111" in str(f)]


async def test_the_customer_reads_plain_words_and_slack_reads_inert_ones(desk: SlackDesk) -> None:
    async with desk.customer("Mirta") as case:
        await case.claimed(desk.ana)
        await case.writes(desk.ana, f"*Mira* <https://alborada.example/a_b_c|tu factura> &amp; dile a <@{desk.luis}>")
        reply = await case.widget.message("agent")
        assert reply["text"] == "Mira tu factura (https://alborada.example/a_b_c) & dile a @Luisa"
        await case.widget.say("<!channel> <@U123> <https://evil.example|click> & más")
        said = await case.said("más")
        assert "&lt;!channel&gt; &lt;@U123&gt;" in said.text
        assert "<!channel>" not in str(said.raw)
        post = next(r for r in desk.slack.requests("chat.postMessage") if "evil" in str(r["args"]))
        assert (post["args"]["parse"], post["args"]["unfurl_links"]) == ("none", False)


async def test_files_go_both_ways(desk: SlackDesk) -> None:
    async with desk.customer("Norma") as case:
        await case.claimed(desk.ana)
        line = await case.writes(desk.ana, "aquí la tienes", files={"factura.png": PNG})
        reply = await case.widget.message("agent")
        (attachment,) = reply["attachments"]
        assert (reply["text"], attachment["name"], attachment["mime"]) == ("aquí la tienes", "factura.png", "image/png")
        address = httpx.URL(desk.service.url).join(attachment["url"])
        assert opened(HTTP.get(address).content).tobytes() == opened(PNG).tobytes()
        assert desk.slack.bot_token not in str(case.widget.frames)
        await case.reacted(line, "white_check_mark")
        bad = await case.writes(desk.ana, "y esto", files={"raro.html": b"<html><script>1</script></html>"})
        await case.whispered(desk.ana, "NO salió")
        await case.reacted(bad, "warning")
        headers = {"Authorization": f"Bearer {case.widget.token}"}
        sent = HTTP.post(
            f"{desk.service.url}/v1/widget/files", headers=headers, files={"file": ("foto.png", PNG, "image/png")}
        )
        await case.widget.send(
            {"type": "message", "id": "with-file", "text": "mi router", "attachments": [sent.json()["id"]]}
        )
        await case.said("mi router")
        card = await case.card()
        await case.until(lambda: [m for m in desk.slack.thread(card) if "foto.png" in m.file_names], "the file")
        await asyncio.sleep(1.5)
        assert len([m for m in desk.slack.thread(card) if "foto.png" in m.file_names]) == 1
        assert len(case.to_customer()) == 1


async def test_what_agents_do_in_the_console_is_shown_in_the_thread(desk: SlackDesk) -> None:
    async with desk.customer("Olivia") as case:
        card = await case.card("En espera")
        assert case.api("Luis", "claim").status_code == 200
        assert "Luis (consola)" in (await case.card("En curso")).words
        sent = case.api("Luis", "messages", text="soy Luis", id="1").json()
        case.api("Luis", "notes", text="cliente muy antiguo")
        assert "Luis (consola)" in (await case.said("soy Luis")).words
        assert "Nota interna de Luis" in (await case.said("cliente muy antiguo")).words
        with desk.service.agent("Luis") as api:
            api.patch(f"/handoffs/{case.handoff()['id']}/messages/{sent['seq']}", json={"text": "soy Luis, de fibra"})
        assert "corrigió" in (await case.said("soy Luis, de fibra")).words
        assert desk.slack.now(card)


async def test_numbers_of_cards_accounts_and_documents_are_hidden_in_slack_and_whole_in_the_console(
    desk: SlackDesk,
) -> None:
    async with desk.customer("Olimpia") as case:
        said = "me cobrasteis en la 4111 1111 1111 1111, DNI 12345678Z, factura F2611-1001, tel. 612 345 678"
        await case.widget.say(said)
        line = await case.said("F2611-1001")
        assert "•••• 1111, DNI ••••, factura F2611-1001, tel. 612 345 678" in line.words
        assert said in [message["text"] for message in case.handoff()["messages"]]
        whole = str([await case.card(), *desk.slack.thread(await case.card())])
        assert "4111 1111" not in whole
        assert "12345678Z" not in whole


async def test_a_summary_quotes_no_number_in_full(desk: SlackDesk) -> None:
    async with open_widget(desk.service.url, identity=identity("C-Prisca", "Prisca")) as widget:
        await widget.say("cargadlo en ES91 2100 0418 4502 0005 1332")
        await widget.message("assistant")
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        case = Case(desk, "Prisca", widget)
        assert "•••• 1332" in (await case.card()).words
        assert "•••• 1332" in case.handoff()["summary"]
        assert "0418" not in str([await case.card(), *desk.slack.thread(await case.card())])
        await asyncio.to_thread(case.end)
