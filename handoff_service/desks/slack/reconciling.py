"""Finds out whether something whose answer was lost stands in Slack: by the id of ours that it carries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from handoff_service.desks.slack.api import SlackApi
from handoff_service.desks.slack.threads import Thread

METADATA = "relevo_post"
CLOCKS_DIFFER = timedelta(minutes=5)  # between Slack's clock and ours, at the very most
PAGE = 200

Json = dict[str, Any]


async def find_sent(api: SlackApi, thread: Thread, sending: Json) -> str | None:
    """Slack's stamp of what was being sent; None if it is not there."""
    oldest = (thread.sending_at or datetime.now(UTC)) - CLOCKS_DIFFER
    method = "conversations.history" if thread.ts is None else "conversations.replies"
    cursor = ""
    while True:
        page = await api.call(
            method,
            channel=thread.channel,
            ts=thread.ts,
            oldest=f"{oldest.timestamp():.6f}",
            limit=PAGE,
            cursor=cursor or None,
            include_all_metadata=True,
        )
        for message in page.get("messages", ()):
            if _is_it(message, sending):
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None


def _is_it(message: Json, sending: Json) -> bool:
    if sending.get("files"):
        shared = {each.get("id") for each in message.get("files") or ()}
        return bool(shared & set(sending["files"]))
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return bool(sending.get("id")) and payload.get("id") == sending["id"]
