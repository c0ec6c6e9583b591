"""Who people are."""

from __future__ import annotations

from ..calls import Call, Json, method, paged
from ..errors import SlackError


@method("users.info", "users:read", takes_json=False)
def info(call: Call) -> Json:
    return {"user": call.person().as_json("users:read.email" in call.token.scopes)}


@method("users.list", "users:read", takes_json=False)
def everybody(call: Call) -> Json:
    with_email = "users:read.email" in call.token.scopes
    page, cursor = paged(call.ws.people.values(), call, 200, 1000)
    members = [person.as_json(with_email) for person in page]
    return {"members": members, "cache_ts": int(call.ws.clock.now()), "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail", "users:read.email", takes_json=False)
def by_email(call: Call) -> Json:
    email = call.required("email").lower()
    found = next((p for p in call.ws.people.values() if p.email.lower() == email and not p.deleted), None)
    if found is None:
        raise SlackError("users_not_found")
    return {"user": found.as_json(True)}
