"""The main job: customer → assistant → a person → back, over the real sockets and the real API."""

from __future__ import annotations

from tests.doubles.service import Service
from tests.doubles.widget import Widget, identity, open_widget


async def test_a_question_is_acknowledged_shown_and_answered(service: Service) -> None:
    async with open_widget(service.url) as widget:
        ack = await widget.say("hola, ¿qué tarifas hay?")
        answer = await widget.message("assistant")
    own = widget.messages("customer")
    assert ack["seq"] == 1
    assert [m["text"] for m in own] == ["hola, ¿qué tarifas hay?"]
    assert answer["text"] == "eco: hola, ¿qué tarifas hay?"
    assert [m["seq"] for m in widget.messages()] == [1, 2, 3]


async def test_the_first_contact_says_once_that_a_machine_answers(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("una pregunta")
        await widget.message("assistant")
        await widget.say("otra pregunta")
        await widget.message("assistant")
    assert ["asistente automático" in m["text"] for m in widget.messages("system")] == [True]


async def _ask_for_a_person(widget: Widget) -> dict[str, object]:
    await widget.say("quiero hablar con una persona")
    await widget.message("system", "persona")
    return await widget.owner("queue")


async def test_the_whole_relay_twice_in_one_conversation(service: Service) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url) as widget:
            for lap in (1, 2):
                queued = await _ask_for_a_person(widget)
                assert queued["position"] >= 1
                low, high = queued["wait_seconds"]
                assert 0 < low < high
                handoff = _handoff_of(ana, widget, "queued")
                assert handoff["reason"] == "asked_for_person"
                claimed = ana.post(f"/handoffs/{handoff['id']}/claim")
                assert claimed.json()["agent"] == {"name": "Ana", "desk": "console"}
                assert (await widget.owner("agent"))["agent"] == "Ana"
                ana.post(
                    f"/handoffs/{handoff['id']}/messages", json={"text": f"Hola, soy Ana ({lap})", "id": f"r{lap}"}
                )
                reply = await widget.message("agent")
                assert (reply["name"], reply["text"]) == ("Ana", f"Hola, soy Ana ({lap})")
                await widget.say("gracias, Ana")
                assert ana.post(f"/handoffs/{handoff['id']}/resolve", json={"outcome": "solved"}).status_code == 200
                await widget.owner("assistant")
                await widget.say(f"¿y ahora? {lap}")
                assert (await widget.message("assistant"))["text"] == f"eco: ¿y ahora? {lap}"
    assert not [m for m in widget.messages("assistant") if "gracias, Ana" in m["text"]]


def _handoff_of(agent: object, widget: Widget, status: str) -> dict[str, object]:
    listed = agent.get("/handoffs", params={"status": status}).json()["handoffs"]  # type: ignore[attr-defined]
    return next(h for h in listed if h["conversation_id"] == widget.conversation_id)


async def test_an_agent_sees_the_whole_case_with_notes_and_earlier_handoffs(service: Service) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url, identity=identity("C-whole", "Marta")) as widget:
            await widget.say("me habéis cobrado dos veces")
            await widget.message("assistant")
            await _ask_for_a_person(widget)
            handoff = _handoff_of(ana, widget, "queued")
            ana.post(f"/handoffs/{handoff['id']}/notes", json={"text": "mirar el banco"})
            case = ana.get(f"/handoffs/{handoff['id']}").json()
            assert not [f for f in await widget.quiet(0.5) if "banco" in str(f)]
    assert case["customer"] == {"id": "C-whole", "name": "Marta", "verified": True}
    assert "me habéis cobrado dos veces" in case["summary"]
    assert [(m["author"], m["seq"]) for m in case["messages"]][-1] == ("note", None)
    assert case["messages"][0]["intent"] == "greeting"
    assert case["messages"][0]["frustration"] == 0.25


async def test_what_is_written_while_waiting_reaches_the_agent_and_gets_one_receipt(service: Service) -> None:
    with service.agent("Luis") as luis:
        async with open_widget(service.url) as widget:
            await _ask_for_a_person(widget)
            before = len(widget.messages("system"))
            for text in ("es por la fibra", "desde el lunes", "en Sevilla"):
                await widget.say(text)
            await widget.quiet(0.5)
            handoff = _handoff_of(luis, widget, "queued")
            case = luis.get(f"/handoffs/{handoff['id']}").json()
    assert [m["text"] for m in case["messages"] if m["author"] == "customer"][1:] == [
        "es por la fibra",
        "desde el lunes",
        "en Sevilla",
    ]
    assert len(widget.messages("system")) == before + 1
    assert widget.messages("assistant") == []


async def test_the_queue_can_be_left_by_button_and_in_words(service: Service) -> None:
    async with open_widget(service.url) as widget:
        for how in ({"text": "Cancelar la espera", "payload": "queue.cancel"}, {"text": "cancelar"}):
            await _ask_for_a_person(widget)
            await widget.say(**how)
            await widget.owner("assistant")
            await widget.say("¿seguimos?")
            assert (await widget.message("assistant"))["text"] == "eco: ¿seguimos?"


async def test_the_assistant_goes_on_while_waiting_if_the_customer_wants(service: Service) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url) as widget:
            await _ask_for_a_person(widget)
            await widget.say("Seguir con el asistente", payload="queue.continue")
            await widget.message("system")
            await widget.say("¿qué tarifas hay?")
            assert (await widget.message("assistant"))["text"] == "eco: ¿qué tarifas hay?"
            handoff = _handoff_of(ana, widget, "queued")
            service.control_assistant(delay=1.0)
            await widget.say("¿y roaming?")
            ana.post(f"/handoffs/{handoff['id']}/claim")
            await widget.owner("agent")
            late = await widget.quiet(1.8)
    assert not [f for f in late if f.get("author") == "assistant" and f["type"] == "message"]


async def test_of_many_claims_one_wins_and_the_others_learn_who(service: Service) -> None:
    with service.agent("Ana") as ana, service.agent("Luis") as luis:
        async with open_widget(service.url) as widget:
            await _ask_for_a_person(widget)
            handoff = _handoff_of(ana, widget, "queued")
            first = ana.post(f"/handoffs/{handoff['id']}/claim")
            second = luis.post(f"/handoffs/{handoff['id']}/claim")
            again = ana.post(f"/handoffs/{handoff['id']}/claim")
            meddling = luis.post(f"/handoffs/{handoff['id']}/messages", json={"text": "hola", "id": "x"})
            ending = luis.post(f"/handoffs/{handoff['id']}/resolve")
    assert (first.status_code, second.status_code, again.status_code) == (200, 409, 200)
    assert second.json()["agent"] == {"name": "Ana", "desk": "console"}
    assert (meddling.status_code, ending.status_code) == (409, 409)


async def test_a_reply_sent_twice_arrives_once_and_can_be_corrected_and_taken_back(service: Service) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url) as widget:
            await _ask_for_a_person(widget)
            path = f"/handoffs/{_handoff_of(ana, widget, 'queued')['id']}"
            ana.post(f"{path}/claim")
            sent = [ana.post(f"{path}/messages", json={"text": "son 20 €", "id": "same"}) for _ in range(2)]
            other = ana.post(f"{path}/messages", json={"text": "son 30 €", "id": "same"})
            seq = sent[0].json()["seq"]
            ana.patch(f"{path}/messages/{seq}", json={"text": "son 25 €"})
            edited = await widget.until(lambda f: f["type"] == "edited")
            assert ana.delete(f"{path}/messages/{seq}").status_code == 204
            deleted = await widget.until(lambda f: f["type"] == "deleted")
        async with open_widget(service.url, token=widget.token, after=seq) as again:
            pass
    assert [r.status_code for r in sent] == [200, 200]
    assert sent[0].json()["seq"] == sent[1].json()["seq"]
    assert other.status_code == 409
    assert edited == {"type": "edited", "seq": seq, "text": "son 25 €"}
    assert deleted == {"type": "deleted", "seq": seq}
    assert len(widget.messages("agent")) == 1
    assert {"type": "deleted", "seq": seq} in again.frames[0]["changes"]
    assert "25" not in str(again.frames)


async def test_release_transfer_and_reopen(service: Service) -> None:
    with service.agent("Ana") as ana, service.agent("Luis") as luis:
        async with open_widget(service.url) as widget:
            await _ask_for_a_person(widget)
            path = f"/handoffs/{_handoff_of(ana, widget, 'queued')['id']}"
            ana.post(f"{path}/claim")
            await widget.owner("agent")
            assert ana.post(f"{path}/release").json()["status"] == "queued"
            await widget.owner("queue")
            luis.post(f"{path}/claim")
            assert luis.post(f"{path}/transfer", json={"agent": "Ana"}).json()["agent"]["name"] == "Ana"
            assert luis.post(f"{path}/transfer", json={"agent": "Nadie"}).status_code in (409, 422)
            assert ana.post(f"{path}/resolve", json={"note": "todo dicho"}).json()["status"] == "resolved"
            await widget.owner("assistant")
            assert luis.post(f"{path}/reopen").json()["agent"]["name"] == "Luis"
            assert (await widget.owner("agent"))["agent"] == "Luis"
            assert "todo dicho" in [m["text"] for m in luis.get(path).json()["messages"] if m["author"] == "note"]


async def test_a_note_with_the_same_id_is_written_once_and_with_other_words_refused(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("quiero una persona")
        await widget.owner("queue")
        with service.agent("Ana") as ana, service.agent("Luis") as luis:
            listed = ana.get("/handoffs").json()["handoffs"]
            path = f"/handoffs/{next(h['id'] for h in listed if h['conversation_id'] == widget.conversation_id)}"
            written = [ana.post(f"{path}/notes", json={"text": "ojo", "id": "n1"}) for _ in range(2)]
            assert written[0].json() == written[1].json()
            assert ana.post(f"{path}/notes", json={"text": "otra cosa", "id": "n1"}).status_code == 409
            assert luis.post(f"{path}/notes", json={"text": "otra cosa", "id": "n1"}).status_code == 200
            assert [ana.post(f"{path}/notes", json={"text": "sin id"}).status_code for _ in range(2)] == [200, 200]
            messages = ana.get(path).json()["messages"]
    assert [m["text"] for m in messages if m["author"] == "note"] == ["ojo", "otra cosa", "sin id", "sin id"]
