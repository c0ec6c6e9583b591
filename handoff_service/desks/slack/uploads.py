"""Files that came with messages, put into the thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from handoff_service.desks.slack.api import SlackApi
from handoff_service.desks.slack.posts import News
from handoff_service.desks.slack.threads import Thread
from handoff_service.switchboard.files import Cabinet
from handoff_service.switchboard.transcript import Attachment

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """The files of one message; `seq` is the place behind them."""

    seq: int
    files: Sequence[Attachment]


def next_files(news: News) -> Batch | None:
    """The next files to be shown: of lines that stand in the thread, and not typed there."""
    thread = news.thread
    told = [m for m in news.messages if thread.files_seq < m.seq <= thread.posted_seq and m.deleted_at is None]
    for message in told:
        typed_here = message.author == "agent" and f":slack:{thread.channel}:" in (message.client_id or "")
        if message.attachments and not (typed_here and message.handoff_id == thread.handoff_id):
            return Batch(message.seq, message.attachments)
    return None


async def put_up(api: SlackApi, cabinet: Cabinet, batch: Batch) -> list[Json]:
    """Send the bytes to Slack, where nobody sees them yet; gives what `share` needs."""
    uploaded: list[Json] = []
    for attachment in batch.files:
        path = cabinet.path(attachment["id"])
        if not path.is_file():
            log.warning("slack_file_is_gone", seq=batch.seq)
            continue
        content = path.read_bytes()
        place = await api.call("files.getUploadURLExternal", filename=attachment["name"], length=len(content))
        await api.upload(str(place["upload_url"]), content)
        uploaded.append({"id": place["file_id"], "title": attachment["name"]})
    return uploaded


async def share(api: SlackApi, thread: Thread, files: list[Json]) -> None:
    """Show them in the thread."""
    await api.call("files.completeUploadExternal", files=files, channel_id=thread.channel, thread_ts=thread.ts)
