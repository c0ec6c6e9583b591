"""`POST /control/<verb>` with the verb's arguments as JSON."""

from __future__ import annotations

import inspect

from aiohttp import web

from tests.emulators.telegram.bot_api import BotApi
from tests.emulators.telegram.control.people_verbs import PeopleVerbs
from tests.emulators.telegram.control.world_verbs import WorldVerbs
from tests.emulators.telegram.people import ImpossibleError
from tests.emulators.telegram.world import World


class Control:
    """Finds the verb and answers with what it gives back: `{"answer": …}`, or `{"error": "…"}` with 409."""

    def __init__(self, token: str, seed: int) -> None:
        self._token, self._seed = token, seed
        self.api = BotApi(World(token, seed))
        self._rooms: list[object] = []
        self._furnish()

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["verb"]
        if name == "start_over":
            self.start_over()
            return web.json_response({"answer": None})
        verb = next((getattr(room, name) for room in self._rooms if hasattr(room, name)), None)
        if verb is None or name.startswith("_"):
            return web.json_response({"error": f"no such verb: {name}"}, status=404)
        try:
            answer = verb(**(await request.json() if request.can_read_body else {}))
            if inspect.isawaitable(answer):
                answer = await answer
        except (ImpossibleError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=409)
        return web.json_response({"answer": answer})

    def start_over(self) -> None:
        """A new, empty world with the same bot; a poller that waits is let go."""
        self.stop()
        self.api = BotApi(World(self._token, self._seed))
        self._furnish()

    def stop(self) -> None:
        self.api.webhook.stop()
        self.api.polling.end("the emulator starts over")

    def _furnish(self) -> None:
        self._rooms = [WorldVerbs(self.api), PeopleVerbs(self.api)]
