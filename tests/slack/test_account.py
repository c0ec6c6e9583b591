"""The card tells what a verified customer has and owes, so that nobody has to ask."""

from __future__ import annotations

from tests.slack.desk import SlackDesk

LUCIA = {"plan": {"es": "Fibra 600", "en": "Fibre 600"}, "debt": {"es": "24,90 €", "en": "€24.90"}}


async def test_the_card_tells_plan_and_debt(desk: SlackDesk) -> None:
    nothing_owed = {**LUCIA, "debt": None}
    desk.service.control_assistant(accounts={"C-Ramira": LUCIA, "C-Sabina": nothing_owed})
    async with desk.customer("Ramira") as case:
        card = await case.card("debe 24,90 €")
        assert "Contrato: Fibra 600 · debe 24,90 €" in card.words.replace("*", "")
    async with desk.customer("Sabina") as case:
        await case.card("Fibra 600 · no debe nada")
