"""The pages and scripts the service gives out: the widget's one script, the console, the demo site's files."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent
WIDGET = HERE / "channels" / "widget_static"
CONSOLE = HERE / "desks" / "console_static"
DEMO_SITE = HERE / "demo_site"


CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{files}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class FreshFiles(StaticFiles):
    """Files whose age a browser asks about each time, so that an upgrade never mixes old parts with new ones."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


@cache
def widget_script() -> tuple[str, str]:
    """The widget as one script, put together in the order of its parts list, and its ETag."""
    listed = json.loads((WIDGET / "parts.json").read_text(encoding="utf-8"))
    parts = [(WIDGET / part).read_text(encoding="utf-8") for part in listed["parts"]]
    script = listed["before"] + "\n".join(parts) + listed["after"]
    return script, f'"{hashlib.sha256(script.encode()).hexdigest()[:16]}"'


def console_policy(files_url: str) -> str:
    """What the console may load: of other origins only pictures, where files have one of their own."""
    address = urlsplit(files_url)
    return CONSOLE_POLICY.format(files=f" {address.scheme}://{address.netloc}" if files_url else "")


def router(files_url: str = "") -> APIRouter:
    """`/widget.js` and `/console`."""
    policy = console_policy(files_url)
    routes = APIRouter(include_in_schema=False)

    @routes.get("/widget.js")
    async def widget(request: Request) -> Response:
        script, etag = widget_script()
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)

    @routes.get("/console")
    async def console() -> FileResponse:
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
        return FileResponse(CONSOLE / "index.html", headers=headers)

    return routes


def mount(app: FastAPI) -> None:
    """The files beside the pages."""
    app.mount("/console/static", FreshFiles(directory=CONSOLE), name="console")
    app.mount("/demo/static", FreshFiles(directory=DEMO_SITE), name="demo")
