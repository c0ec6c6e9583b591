"""What can be done with a handoff: only what fits its state, in one press or one small dialog."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_script import at
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("token", "handoff_id", "actions"),
    [
        ("ana-token", "waits", ["claim"]),
        ("ana-token", "mine", ["resolve", "ready", "snooze", "transfer", "release"]),
        ("ana-token", "theirs", []),
        ("ana-token", "done", ["reopen"]),
        ("ana-token", "gone", []),
        ("iria-token", "waits", ["claim", "transfer"]),
        ("iria-token", "theirs", ["transfer"]),
    ],
)
def test_only_what_fits_is_offered(
    page: Page, server: DeskServer, token: str, handoff_id: str, actions: list[str]
) -> None:
    server.desk.put("gone", status="abandoned", resolved_at=at())
    server.desk.store("gone", "customer", "da igual")
    assert ConsolePage(page, server).visit(token).open(handoff_id).actions() == actions


def test_what_is_offered_changes_as_things_happen_elsewhere(console: ConsolePage) -> None:
    console.open("mine")
    console.server.change("mine", agent={"name": "Iria", "desk": "console"})
    expect(console.status).to_contain_text("La lleva Iria (consola)")
    assert console.actions() == []
    expect(console.page.get_by_text("Ahora la lleva Iria. Solo puedes dejar notas.")).to_be_visible()


def test_claiming_twice_at_once_asks_the_service_once(console: ConsolePage) -> None:
    console.server.fail("POST", "/claim", status=0, delay=0.4)
    console.open("waits")
    console.action("claim").dblclick()
    expect(console.status).to_contain_text("La llevas tú")
    assert len(console.server.called("POST", "/waits/claim")) == 1


def test_an_action_without_connection_says_so_and_can_be_tried_again(console: ConsolePage) -> None:
    console.server.fail("POST", "/claim", status=503)
    console.open("waits").action("claim").click()
    expect(console.notice).to_contain_text("El servicio tuvo un fallo. Vuelve a intentarlo.")
    console.action("claim").click()
    expect(console.status).to_contain_text("La llevas tú")
    expect(console.notice).to_be_hidden()


def test_releasing_puts_it_back_in_the_queue(console: ConsolePage) -> None:
    console.open("mine").action("release").click()
    expect(console.status).to_contain_text("En espera desde hace")
    assert console.section("waiting") == ["mine", "waits"]
    expect(console.announcer).to_be_empty()


def test_resolving_needs_nothing_to_be_filled_in(console: ConsolePage) -> None:
    console.open("mine").action("resolve").click()
    console.page.get_by_test_id("resolve-submit").click()
    expect(console.dialog).to_have_count(0)
    expect(console.status).to_contain_text("Resuelta por Ana")
    assert console.server.called("POST", "/resolve") == [None]


def test_resolving_tells_outcome_topic_and_note(page: Page, server: DeskServer) -> None:
    server.desk.store(
        "mine", "customer", "no sé qué es el cargo", intent="explain_charge", confidence=0.9, frustration=0.2
    )
    console = ConsolePage(page, server).visit().open("mine")
    console.action("resolve").click()
    seen = page.get_by_test_id("resolve-topic").locator("optgroup").first
    expect(seen).to_have_attribute("label", "Visto en la conversación")
    expect(seen.locator("option")).to_have_text(["Cargo en la factura"])
    page.get_by_test_id("outcome-unsolved").check()
    page.get_by_test_id("resolve-topic").select_option("explain_charge")
    page.get_by_test_id("resolve-note").fill("Revisar en diciembre")
    page.get_by_test_id("resolve-note").press("Control+Enter")
    expect(console.status).to_contain_text("Resuelta por Ana")
    ending = {"outcome": "unsolved", "topic": "explain_charge", "note": "Revisar en diciembre"}
    assert server.called("POST", "/resolve") == [ending]
    expect(console.message("Revisar en diciembre")).to_be_visible()


def test_a_refused_resolution_is_explained_in_the_dialog(console: ConsolePage) -> None:
    console.open("mine").action("resolve").click()
    console.server.desk.put("mine", agent={"name": "Iria", "desk": "console"})
    console.page.get_by_test_id("resolve-submit").click()
    expect(console.dialog.get_by_role("alert")).to_have_text("Ya no se puede: su estado cambió mientras tanto.")


def test_a_dialog_can_be_left_and_gives_the_focus_back(console: ConsolePage) -> None:
    console.open("mine").action("resolve").click()
    console.dialog.wait_for()
    console.page.keyboard.press("Escape")
    expect(console.dialog).to_have_count(0)
    expect(console.action("resolve")).to_be_focused()
    assert console.server.called("POST", "/resolve") == []


def test_reopening_gives_it_to_me_and_lets_me_type(console: ConsolePage) -> None:
    console.open("done").action("reopen").click()
    expect(console.status).to_contain_text("La llevas tú")
    wait_until(lambda: console.focused() == "composer")


def test_transferring_to_a_team_puts_it_in_that_queue(console: ConsolePage) -> None:
    console.open("mine").action("transfer").click()
    console.page.get_by_test_id("transfer-to-facturas").check()
    console.page.get_by_test_id("transfer-submit").click()
    expect(console.status).to_contain_text("En espera desde hace")
    assert console.server.called("POST", "/transfer") == [{"team": "facturas"}]


def test_transferring_to_an_agent_leaves_a_note_first(console: ConsolePage) -> None:
    console.open("mine").action("transfer").click()
    console.page.get_by_test_id("transfer-agent").check()
    console.page.get_by_test_id("transfer-to-Marta").check()
    console.page.get_by_test_id("transfer-note").fill("Ya le pedí disculpas")
    console.page.get_by_test_id("transfer-submit").click()
    expect(console.status).to_contain_text("La lleva Marta")
    calls = [(method, path.rsplit("/", 1)[1]) for method, path, _ in console.server.desk.calls if method == "POST"]
    assert calls == [("POST", "notes"), ("POST", "transfer")]
    expect(console.message("Ya le pedí disculpas")).to_be_visible()


def test_a_transfer_that_fails_can_be_mended_without_a_second_note(console: ConsolePage) -> None:
    console.server.fail("POST", "/transfer", status=422)
    console.open("mine").action("transfer").click()
    console.page.get_by_test_id("transfer-agent").check()
    console.page.get_by_test_id("transfer-to-Marta").check()
    console.page.get_by_test_id("transfer-note").fill("Ya le pedí disculpas")
    console.page.get_by_test_id("transfer-submit").click()
    expect(console.dialog.get_by_role("alert")).to_have_text(
        "No existe ese equipo o esa persona. La nota ya quedó guardada."
    )
    console.page.get_by_test_id("transfer-submit").click()
    expect(console.status).to_contain_text("La lleva Marta")
    assert console.server.called("POST", "/notes") == [{"text": "Ya le pedí disculpas"}]


def test_a_transfer_to_nobody_asks_to_whom(console: ConsolePage) -> None:
    console.open("mine").action("transfer").click()
    console.page.get_by_test_id("transfer-submit").click()
    expect(console.dialog.get_by_role("alert")).to_have_text("Di a quién se la pasas.")
    assert console.focused() == "transfer-to-facturas"


def test_a_supervisor_moves_what_others_hold(page: Page, server: DeskServer) -> None:
    console = ConsolePage(page, server).visit("iria-token").open("theirs")
    console.action("transfer").click()
    page.get_by_test_id("transfer-agent").check()
    page.get_by_test_id("transfer-to-Ana").check()
    page.get_by_test_id("transfer-submit").click()
    expect(console.status).to_contain_text("La lleva Ana")


def test_an_answer_that_was_overtaken_takes_nothing_back(console: ConsolePage) -> None:
    console.server.fail("GET", "/v1/handoffs/waits", status=0, late=0.6)
    console.row("waits").hover()
    console.row("waits").get_by_test_id("row-claim").click()
    expect(console.status).to_contain_text("La llevas tú")
    console.page.wait_for_timeout(900)
    expect(console.message("hola de waits")).to_be_visible()
    expect(console.status).to_contain_text("La llevas tú")
