"""Modals and the App Home."""

from __future__ import annotations

from typing import Any

from ..block_forms import completed
from ..calls import Call, Json, method
from ..errors import SlackError, invalid_arguments
from ..view_rules import problems_of_view
from ..view_stacks import OpenView
from ..workspace import Workspace

LARGEST = 250_000


@method("views.open")
def open_view(call: Call) -> Json:
    view = _view(call, "modal")
    trigger = call.ws.triggers.exchange(call.required("trigger_id"))
    return _done(call, call.ws.views.open(trigger.user, view))


@method("views.push")
def push_view(call: Call) -> Json:
    view = _view(call, "modal")
    trigger = call.ws.triggers.exchange(call.required("trigger_id"))
    return _done(call, call.ws.views.push(trigger.user, view, trigger.view))


@method("views.update")
def update_view(call: Call) -> Json:
    if not call.text("view_id") and not call.text("external_id"):
        raise invalid_arguments("missing required field: view_id")
    view = _view(call, "modal")
    updated = call.ws.views.update(call.text("view_id"), call.text("external_id"), view, call.text("hash"))
    return _done(call, updated)


@method("views.publish")
def publish_view(call: Call) -> Json:
    person = call.person("user_id")
    return _done(call, call.ws.views.publish(person.id, _view(call, "home"), call.text("hash")))


def checked_view(ws: Workspace, view: Any, kind: str) -> Json:
    """The view as Slack stores it, or a refusal that says what is wrong with it."""
    problems = problems_of_view(view, kind)
    if problems:
        raise invalid_arguments(*problems)
    if len(str(view)) > LARGEST:
        raise SlackError("view_too_large")
    return {**view, "blocks": completed(view["blocks"], ws.ids)}


def _view(call: Call, kind: str) -> Json:
    if not call.has("view"):
        raise invalid_arguments("missing required field: view")
    return checked_view(call.ws, call.parsed("view", "invalid_arguments"), kind)


def _done(call: Call, view: OpenView) -> Json:
    call.ws.journal.note("view", call.method, user=view.user, body=view.body)
    return {"view": view.body}
