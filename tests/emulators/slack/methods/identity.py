"""Who the caller is, and the door to Socket Mode."""

from __future__ import annotations

from ..calls import Call, Json, method
from ..errors import SlackError


@method("api.test", token_kind="any")
def test_api(call: Call) -> Json:
    if call.has("error"):
        raise SlackError(call.text("error"), args=call.args)
    return {"args": call.args}


@method("auth.test", token_kind="any")
def test_auth(call: Call) -> Json:
    app = call.ws.app
    if call.token.kind == "app":
        return {"app_name": app.name, "app_id": app.id}
    return {
        "url": f"https://{app.team_domain}.slack.com/",
        "team": app.team_name,
        "user": call.ws.people[app.bot_user_id].name,
        "team_id": app.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", "connections:write", token_kind="app")
def open_connection(call: Call) -> Json:
    return {"url": call.ws.new_connection()}


@method("team.info", "team:read", takes_json=False)
def team_info(call: Call) -> Json:
    app = call.ws.app
    team = {"id": app.team_id, "name": app.team_name, "domain": app.team_domain, "email_domain": "", "icon": {}}
    return {"team": team | {"url": f"https://{app.team_domain}.slack.com/"}}


@method("bots.info", "users:read", takes_json=False)
def bot_info(call: Call) -> Json:
    wanted = call.text("bot") or call.ws.app.bot_id
    found = next((person for person in call.ws.people.values() if person.bot_id == wanted), None)
    if found is None:
        raise SlackError("bot_not_found")
    bot = {"id": found.bot_id, "deleted": found.deleted, "name": found.real_name, "updated": 1700000000}
    return {"bot": bot | {"app_id": found.app_id, "user_id": found.id, "icons": {}}}
