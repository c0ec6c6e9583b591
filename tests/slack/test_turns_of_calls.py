"""Which call to Slack comes next: edits of cards and new posts take turns where there is always more than time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from handoff_service.desks.slack.jobs import EDITS, Job, most_pressing
from handoff_service.desks.slack.posts import News

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def job(kind: str, minute: int = 0, urgency: int = 0) -> Job:
    opened = NOON + timedelta(minutes=minute)
    handoff = SimpleNamespace(urgency=urgency, opened_at=opened)
    news: Any = SimpleNamespace(view=SimpleNamespace(handoff=handoff), messages=[])
    return Job(kind, cast(News, news), opened)


def test_a_lost_answer_is_looked_into_first() -> None:
    able = [job("update"), job("lines"), job("probe")]
    for edited_last in (True, False):
        chosen = most_pressing(able, edited_last)
        assert chosen is not None and chosen.kind == "probe"


def test_cards_that_keep_changing_never_starve_new_cards_and_lines() -> None:
    done, edited_last = [], False
    waiting = [job("lines", 1), job("card", 2), job("card", 3, urgency=2)]
    for _ in range(6):
        chosen = most_pressing([job("update"), *waiting], edited_last)
        assert chosen is not None
        done.append((chosen.kind, chosen.news.view.handoff.urgency))
        edited_last = chosen.kind in EDITS
        waiting = [each for each in waiting if each is not chosen]
    assert done == [("update", 0), ("card", 2), ("update", 0), ("card", 0), ("update", 0), ("lines", 0)]


def test_alone_each_goes_on() -> None:
    assert most_pressing([], True) is None
    for kind in ("update", "lines"):
        for edited_last in (True, False):
            chosen = most_pressing([job(kind)], edited_last)
            assert chosen is not None and chosen.kind == kind
