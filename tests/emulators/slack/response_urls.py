"""Response URLs: five answers within half an hour to what a person did."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import Clock, Ids
from .errors import SlackError
from .settings import Settings


@dataclass
class ResponseUrl:
    channel: str
    user: str
    at: float
    message_ts: str = ""
    ephemeral: bool = False
    thread_ts: str = ""
    uses: int = 0


class ResponseUrls:
    def __init__(self, ids: Ids, clock: Clock, settings: Settings, base_url: str, team_id: str) -> None:
        self._ids, self._clock, self._settings = ids, clock, settings
        self.base_url, self._team = base_url, team_id
        self._given: dict[str, ResponseUrl] = {}

    def give(
        self, channel: str, user: str, family: str, message_ts: str = "", ephemeral: bool = False, thread_ts: str = ""
    ) -> str:
        """A new URL; `family` is `actions` or `commands`."""
        secret = self._ids.token()
        self._given[secret] = ResponseUrl(channel, user, self._clock.now(), message_ts, ephemeral, thread_ts)
        return f"{self.base_url}/{family}/{self._team}/{len(self._given)}/{secret}"

    def use(self, secret: str) -> ResponseUrl:
        """Count one use, or refuse as Slack does."""
        url = self._given.get(secret)
        if url is None:
            raise SlackError("invalid_url")
        if self._clock.now() - url.at > self._settings.response_url_seconds:
            raise SlackError("expired_url")
        if url.uses >= self._settings.response_url_uses:
            raise SlackError("used_url")
        url.uses += 1
        return url
