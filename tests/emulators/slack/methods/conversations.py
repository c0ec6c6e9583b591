"""Reading channels, threads and their members."""

from __future__ import annotations

from .. import talk
from ..calls import Call, Json, method, paged
from ..channels import LIST_TYPES, READ_SCOPES
from ..errors import SlackError
from ..messages import Message


@method("conversations.replies", takes_json=False)
def replies(call: Call) -> Json:
    """The parent heads every page, whatever the range; a reply's own stamp gives just that reply."""
    channel = call.readable_channel()
    if channel.kind != "im" and not call.ws.settings.bots_read_threads:
        raise SlackError("not_allowed_token_type")
    asked = call.ws.messages.get(channel.id, call.required("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    thread = [] if asked.is_reply else call.ws.messages.replies(channel.id, asked.ts)
    page, cursor = paged(_within(call, thread), call, *_page_size(call, 1000))
    with_parent = not call.text("cursor") or call.ws.settings.parent_on_every_page
    return _page(call, [asked, *page] if with_parent else page, cursor)


@method("conversations.history", takes_json=False)
def history(call: Call) -> Json:
    """What the channel itself shows, newest first: no replies in threads."""
    channel = call.readable_channel()
    shown = [message for message in call.ws.messages.all(channel.id) if message.in_channel]
    page, cursor = paged(reversed(_within(call, shown)), call, *_page_size(call, 999))
    return _page(call, page, cursor) | {"pin_count": 0, "latest": call.text("latest")}


@method("conversations.info", takes_json=False)
def info(call: Call) -> Json:
    return {"channel": call.known_channel().as_json(call.ws.app.bot_user_id, call.flag("include_num_members"))}


@method("conversations.members", takes_json=False)
def members(call: Call) -> Json:
    page, cursor = paged(call.known_channel().members, call, 100, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.list", takes_json=False)
def channels(call: Call) -> Json:
    return _channels_of(call, call.ws.app.bot_user_id, everything=True)


@method("users.conversations", takes_json=False)
def conversations_of_user(call: Call) -> Json:
    return _channels_of(call, call.text("user") or call.ws.app.bot_user_id, everything=False)


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    talk.join(call.ws, channel, call.ws.app.bot_user_id)
    return {"channel": channel.as_json(call.ws.app.bot_user_id)}


@method("conversations.open", "im:write")
def open_direct(call: Call) -> Json:
    users = [user for user in call.required("users").split(",") if user]
    if len(users) != 1:
        raise SlackError("not_enough_users" if not users else "too_many_users")
    if users[0] not in call.ws.people:
        raise SlackError("user_not_found")
    return {"channel": {"id": call.ws.direct_channel(users[0]).id}}


def _channels_of(call: Call, user: str, everything: bool) -> Json:
    types = (call.text("types") or "public_channel").split(",")
    unknown = set(types) - {*LIST_TYPES.values(), "mpim"}
    if unknown:
        raise SlackError("invalid_types")
    for kind, name in LIST_TYPES.items():
        if name in types:
            call.need(READ_SCOPES[kind])
    bot = call.ws.app.bot_user_id
    listed = [
        channel.as_json(bot)
        for channel in call.ws.channels.values()
        if LIST_TYPES[channel.kind] in types
        and (user in channel.members or (everything and channel.kind == "public"))
        and (channel.kind == "public" or bot in channel.members)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    page, cursor = paged(listed, call, 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def _within(call: Call, messages: list[Message]) -> list[Message]:
    """Those between `oldest` and `latest`; the bounds themselves only with `inclusive`."""
    oldest, latest, inclusive = call.text("oldest"), call.text("latest"), call.flag("inclusive")
    for name, stamp in (("oldest", oldest), ("latest", latest)):
        if stamp and not stamp.replace(".", "", 1).isdigit():
            raise SlackError(f"invalid_ts_{name}")

    def fits(message: Message) -> bool:
        if inclusive and message.ts in (oldest, latest):
            return True
        after = not oldest or float(oldest) < float(message.ts)
        return after and (not latest or float(message.ts) < float(latest))

    return [message for message in messages if fits(message)]


def _page_size(call: Call, most: int) -> tuple[int, int]:
    """Default and largest size of a page."""
    return (15, 15) if call.ws.settings.distributed_app else (100 if most == 999 else most, most)


def _page(call: Call, page: list[Message], cursor: str) -> Json:
    shown = [call.ws.messages.as_json(message, call.flag("include_all_metadata")) for message in page]
    answer: Json = {"messages": shown, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})
