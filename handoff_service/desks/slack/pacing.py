"""When the next call may leave, so that a platform that allows one a second counts no two of ours in one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

REMEMBERED = 20  # answers of which the fastest tells how long the way is
EDIT_TAKES = 1.2  # times as long as a post: Slack allows some fifty a minute
TOLERATED = 0.03  # seconds by which one may come early, now and then, and Slack doesn't mind


class Slots:
    """A schedule of calls, one each `pace` seconds, counted where the platform counts: on arrival.

    The next call may leave `pace` after this one left, however long this one's answer takes. Only where an answer took
    longer than usual, this call may have arrived later than usual, and the next one waits for as much longer.
    """

    def __init__(self, pace: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._left_at = 0.0
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self.opens_at = 0.0  # by the clock

    def wait(self) -> float:
        """Seconds until a call may leave; 0 if it may now."""
        return max(0.0, self.opens_at - self._clock())

    def left(self) -> None:
        """A call is on its way."""
        self._left_at = self._clock()
        self.not_before(self._left_at + self._pace)

    def answered(self) -> None:
        """That call's answer is here: it arrived at the latest when the fastest would have, and this one's delay."""
        took = self._clock() - self._left_at
        fastest = min(took, *self._took) if self._took else 0.0
        self._took.append(took)
        self.not_before(self._left_at + self._pace + max(0.0, took - fastest - TOLERATED))

    def lost(self) -> None:
        """No answer came: the call may have arrived as late as now."""
        self.not_before(self._clock() + self._pace)

    def not_before(self, moment: float) -> None:
        """Nothing leaves before this moment of the clock."""
        self.opens_at = max(self.opens_at, moment)

    def opens_within(self, seconds: float) -> bool:
        """Whether a call may leave in so many seconds."""
        return self.wait() <= seconds


class Pacer:
    """The schedules: one for what is new in each channel, one for edits, which Slack counts in the whole workspace."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._posts: dict[str, Slots] = {}
        self.edits = Slots(pace * EDIT_TAKES)

    def posts(self, channel: str) -> Slots:
        """Those of this channel."""
        return self._posts.setdefault(channel, Slots(self._pace))

    def all_posts(self) -> list[Slots]:
        """Those of every channel that has been written to."""
        return list(self._posts.values())
