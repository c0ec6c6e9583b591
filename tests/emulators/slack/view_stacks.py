"""Modals stacked on people's screens, and their App Home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .clock import Clock, Ids
from .errors import SlackError
from .people import App

Json = dict[str, Any]
STACK_LIMIT = 3


@dataclass
class OpenView:
    """A view somebody has before them; `body` is the view object as the app sees it."""

    user: str
    body: Json

    @property
    def id(self) -> str:
        return str(self.body["id"])


class ViewStacks:
    def __init__(self, ids: Ids, clock: Clock, app: App) -> None:
        self._ids, self._clock, self._app = ids, clock, app
        self._stacks: dict[str, list[OpenView]] = {}
        self._homes: dict[str, OpenView] = {}

    def open(self, user: str, view: Json) -> OpenView:
        """A new stack; what the person had open before is gone."""
        self._check_external_id(view, None)
        opened = self._make(user, view, root="", previous=None)
        self._stacks[user] = [opened]
        return opened

    def push(self, user: str, view: Json, onto: str) -> OpenView:
        stack = self._stacks.get(user, [])
        if not any(below.id == onto for below in stack):
            raise SlackError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        self._check_external_id(view, None)
        pushed = self._make(user, view, root=stack[0].id, previous=stack[-1].id)
        stack.append(pushed)
        return pushed

    def update(self, view_id: str, external_id: str, view: Json, view_hash: str) -> OpenView:
        found = self._find(view_id, external_id)
        if view_hash and view_hash != found.body["hash"]:
            raise SlackError("hash_conflict")
        self._check_external_id(view, found)
        kept = {key: found.body[key] for key in ("id", "root_view_id", "previous_view_id")}
        found.body = self._body(view) | kept
        return found

    def publish(self, user: str, view: Json, view_hash: str) -> OpenView:
        known = self._homes.get(user)
        if view_hash and known is not None and view_hash != known.body["hash"]:
            raise SlackError("hash_conflict")
        home = self._make(user, view, root="", previous=None)
        if known is not None:
            home.body["id"] = home.body["root_view_id"] = known.id
        self._homes[user] = home
        return home

    def top(self, user: str) -> OpenView | None:
        """The modal the person looks at."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> OpenView | None:
        return self._homes.get(user)

    def opened(self, view_id: str) -> OpenView | None:
        """The view with this id, if somebody has it before them now."""
        everything = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
        return next((view for view in everything if view.id == view_id), None)

    def close(self, view: OpenView, whole_stack: bool = False) -> None:
        stack = self._stacks.get(view.user, [])
        if whole_stack or view not in stack:
            stack.clear()
        else:
            del stack[stack.index(view) :]

    def _find(self, view_id: str, external_id: str) -> OpenView:
        found = self.opened(view_id) if view_id else None
        if external_id and found is None:
            stacks = (view for stack in self._stacks.values() for view in stack)
            found = next((view for view in stacks if view.body["external_id"] == external_id), None)
        if found is None:
            raise SlackError("not_found")
        return found

    def _check_external_id(self, view: Json, itself: OpenView | None) -> None:
        wanted = view.get("external_id")
        open_now = (other for stack in self._stacks.values() for other in stack if other is not itself)
        if wanted and any(other.body["external_id"] == wanted for other in open_now):
            raise SlackError("duplicate_external_id")

    def _make(self, user: str, view: Json, root: str, previous: str | None) -> OpenView:
        view_id = self._ids.make("V")
        made = OpenView(user, self._body(view))
        made.body |= {"id": view_id, "root_view_id": root or view_id, "previous_view_id": previous}
        return made

    def _body(self, view: Json) -> Json:
        return {
            "id": "",
            "team_id": self._app.team_id,
            "type": view["type"],
            "blocks": view.get("blocks", []),
            "private_metadata": view.get("private_metadata", ""),
            "callback_id": view.get("callback_id", ""),
            "state": {"values": {}},
            "hash": f"{int(self._clock.now())}.{self._ids.token(8)}",
            "title": view.get("title"),
            "clear_on_close": bool(view.get("clear_on_close", False)),
            "notify_on_close": bool(view.get("notify_on_close", False)),
            "close": view.get("close"),
            "submit": view.get("submit"),
            "previous_view_id": None,
            "root_view_id": "",
            "app_id": self._app.id,
            "external_id": view.get("external_id", ""),
            "app_installed_team_id": self._app.team_id,
            "bot_id": self._app.bot_id,
        }
