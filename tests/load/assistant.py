"""The assistant's stand-in, which also says how long each turn was with it."""

from __future__ import annotations

import sys
import time

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.doubles.assistant import StandIn

MOST_KEPT = 1_000  # turns; a long run must not be slowed down by its own stand-in


class TimedStandIn(StandIn):
    """Forgets turns that are long over, and adds `GET /spent` → seconds by the turn's text, each told once."""

    def app(self) -> Starlette:
        self.spent: dict[str, float] = {}
        app = super().app()
        app.router.routes.append(Route("/spent", self.tell_spent))
        return app

    async def turn(self, request: Request) -> Response:
        began = time.perf_counter()
        answer = await super().turn(request)
        self.spent[(await request.json())["text"]] = time.perf_counter() - began
        self.asked.clear()
        for kept in (self.answered, self.spent):
            if len(kept) > MOST_KEPT:
                del kept[next(iter(kept))]
        return answer

    async def tell_spent(self, _request: Request) -> Response:
        told, self.spent = self.spent, {}
        return JSONResponse(told)


if __name__ == "__main__":
    uvicorn.run(TimedStandIn(sys.argv[2]).app(), port=int(sys.argv[1]), log_level="warning", access_log=False)
