"""The bot's own posts in Slack, deleted on erasure; what others wrote there only they may delete."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from handoff_service.desks.slack.api import Limited, Refused, SlackApi, SlackTrouble
from handoff_service.privacy.outside import SlackReceipt
from handoff_service.privacy.records import Thread
from handoff_service.settings import Settings

GONE_ALREADY = frozenset({"message_not_found", "thread_not_found", "file_not_found", "file_deleted"})
PAGE = 200
MOST_TRIES = 20

Json = dict[str, Any]


async def delete_own(settings: Settings, threads: Sequence[Thread], receipt: SlackReceipt) -> None:
    """Delete what the bot posted in these threads, files included, and note in the receipt what happened."""
    api = SlackApi(settings.slack_bot_token.get_secret_value(), settings.slack_api_url or None)
    await api.open()
    try:
        for thread in threads:
            await _delete_thread(api, thread, receipt)
    finally:
        await api.close()


async def _delete_thread(api: SlackApi, thread: Thread, receipt: SlackReceipt) -> None:
    """The card goes last: as long as it stands, the thread is found again."""
    try:
        messages = await _messages(api, thread)
    except SlackTrouble as trouble:
        if not _is_gone(trouble):
            receipt.by_hand.append({"channel": thread.channel, "ts": thread.ts, "why": str(trouble)})
        return
    for message in sorted(messages, key=lambda each: float(each["ts"]), reverse=True):
        place = {"channel": thread.channel, "ts": message["ts"]}
        if not message.get("bot_id"):
            if message.get("subtype") != "tombstone":
                receipt.by_hand.append({**place, "user": message.get("user"), "why": "written_by_others"})
            continue
        try:
            for file in message.get("files") or ():
                await _patiently(api, "files.delete", file=file["id"])
                receipt.files += 1
            await _patiently(api, "chat.delete", **place)
            receipt.posts += 1
        except SlackTrouble as trouble:
            receipt.by_hand.append({**place, "why": str(trouble)})


async def _messages(api: SlackApi, thread: Thread) -> list[Json]:
    found: dict[str, Json] = {}
    cursor = ""
    while True:
        given = {"channel": thread.channel, "ts": thread.ts, "limit": PAGE, "cursor": cursor or None}
        page = await _patiently(api, "conversations.replies", **given)
        found |= {str(message["ts"]): message for message in page.get("messages", ())}
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return list(found.values())


async def _patiently(api: SlackApi, method: str, **arguments: Any) -> Json:
    """The call, again as often as Slack asks to wait; what is gone already counts as deleted."""
    for _ in range(MOST_TRIES):
        try:
            return await api.call(method, **arguments)
        except Limited as limited:
            await asyncio.sleep(limited.seconds)
        except Refused as refused:
            if method.endswith("delete") and _is_gone(refused):
                return {}
            raise
    raise Limited(0)


def _is_gone(trouble: SlackTrouble) -> bool:
    return isinstance(trouble, Refused) and trouble.error in GONE_ALREADY
