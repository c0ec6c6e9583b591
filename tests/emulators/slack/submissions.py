"""Submitting and closing modals: the app's answer decides what the person sees next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import interactions
from .acts import Acts
from .delivery import Delivery, Parcel
from .errors import SlackError
from .form_values import state_values
from .methods.views import checked_view
from .view_stacks import OpenView
from .workspace import Workspace

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Submitted:
    """`shown` is what the person reads when it went wrong; `view` is what is now before them, if anything."""

    acknowledged: bool
    action: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    view: Json | None = None


class Submissions:
    def __init__(self, ws: Workspace, acts: Acts, delivery: Delivery) -> None:
        self._ws, self._acts, self._delivery = ws, acts, delivery

    async def submit(self, user: str, view_id: str, values: Json) -> Submitted:
        """Fill in and press the submit button; the view stays open where the app doesn't take it."""
        view = self._acts.view_of(user, view_id)
        payload = interactions.view_submission(self._ws, user, view, state_values(view.body, values))
        outcome = await self._delivery.interact(Parcel("interactive", payload, accepts_response=True))
        if not outcome.acknowledged:
            return Submitted(False, shown=TROUBLE, view=view.body)
        try:
            return self._follow(user, view, outcome.response)
        except SlackError as refusal:
            return Submitted(True, shown=f"{TROUBLE} ({refusal.code})", view=view.body)

    async def close(self, user: str, view_id: str, whole_stack: bool = False) -> bool:
        """Close a modal by its cross; the app learns of it where the view asked for that."""
        view = self._acts.view_of(user, view_id)
        self._ws.views.close(view, whole_stack)
        if not view.body["notify_on_close"]:
            return True
        payload = interactions.view_closed(self._ws, user, view, cleared=whole_stack)
        return (await self._delivery.interact(Parcel("interactive", payload))).acknowledged

    def _follow(self, user: str, view: OpenView, response: Any) -> Submitted:
        action = response.get("response_action", "") if isinstance(response, dict) else ""
        if action == "errors":
            return self._errors(view, response.get("errors"))
        if action == "update":
            body = checked_view(self._ws, response.get("view"), "modal")
            updated = self._ws.views.update(view.id, "", body, "")
            return Submitted(True, action, view=updated.body)
        if action == "push":
            body = checked_view(self._ws, response.get("view"), "modal")
            return Submitted(True, action, view=self._ws.views.push(user, body, view.id).body)
        if action not in ("", "clear"):
            raise SlackError("unknown_response_action")
        self._ws.views.close(view, whole_stack=action == "clear" or bool(view.body["clear_on_close"]))
        left = self._ws.views.top(user)
        return Submitted(True, action, view=left.body if left else None)

    def _errors(self, view: OpenView, errors: Any) -> Submitted:
        inputs = {block["block_id"] for block in view.body["blocks"] if block.get("type") == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise SlackError("errors_for_unknown_blocks")
        return Submitted(True, "errors", errors={block: str(text) for block, text in errors.items()}, view=view.body)
