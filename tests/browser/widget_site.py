"""The pages beside the scripted socket: somebody's website with the chat on it, and the demo site."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

SERVICE = Path(__file__).resolve().parents[2] / "handoff_service"
WIDGET = SERVICE / "channels" / "widget_static"
DEMO_SITE = SERVICE / "demo_site"
IDENTITY_SECRET = "a secret of the website, long enough for HS256"
DEMO_CUSTOMERS = [
    {
        "id": "lucia",
        "name": "Lucía Ferrer",
        "description": {"es": "Fibra y móvil, factura más alta", "en": "Fibre and mobile, a higher bill"},
    },
    {
        "id": "tomas",
        "name": "Tomás Rey",
        "description": {"es": "Solo móvil, todo al día", "en": "Mobile only, all paid"},
    },
]
DEMO_TEXTS: list[dict[str, object]] = []  # newest first
PAGE = """<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Una página cualquiera</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css"></head><body><main><h1>Una página cualquiera</h1>
<p>Con sus propios estilos, que no deben tocar el chat.</p><button id="help">Ayuda</button></main>
<script src="/widget.js" {attributes} async></script></body></html>"""
PAGE_STYLES = (
    "button, p, div, textarea { color: red !important; font: 40px cursive !important } [role] { display: none }"
)
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'"
)


def widget_script() -> str:
    """The widget as the service puts it together."""
    plan = json.loads((WIDGET / "parts.json").read_text("utf-8"))
    parts = [(WIDGET / name).read_text("utf-8") for name in plan["parts"]]
    return str(plan["before"]) + "\n".join(parts) + str(plan["after"])


def identity_of(customer_id: str, name: str = "Lucía", expires_in: float = 3600) -> str:
    """The website's word for who is logged in."""
    claims = {"sub": customer_id, "name": name, "exp": datetime.now(UTC) + timedelta(seconds=expires_in)}
    return jwt.encode(claims, IDENTITY_SECRET, algorithm="HS256")


def page(request: Request) -> Response:
    """A page of somebody's website: each query parameter becomes a data attribute of the script."""
    attributes = " ".join(f'data-{name}="{value}"' for name, value in request.query_params.items())
    return HTMLResponse(PAGE.format(attributes=attributes), headers={"Content-Security-Policy": STRICT_POLICY})


def shop(request: Request) -> Response:
    """A page of another origin that takes the script from the service at `from`."""
    script = f"{request.query_params['from']}/widget.js"
    return HTMLResponse(f"<!doctype html><title>Tienda</title><body><script src='{script}' async></script>")


def config(request: Request) -> Response:
    return JSONResponse({"operator": "Alborada", "customers": DEMO_CUSTOMERS, "login": True})


async def login(request: Request) -> Response:
    wanted = (await request.json())["customer_id"]
    chosen = next((customer for customer in DEMO_CUSTOMERS if customer["id"] == wanted), None)
    if chosen is None:
        return JSONResponse({"detail": "unknown customer"}, 404)
    return JSONResponse({"identity": identity_of(str(chosen["id"]), str(chosen["name"]))})


def texts(request: Request) -> Response:
    return JSONResponse({"texts": DEMO_TEXTS})


def demo_file(request: Request) -> Response:
    path = (DEMO_SITE / request.path_params["name"]).resolve()
    if path.parent != DEMO_SITE or not path.is_file():
        return Response(status_code=404)
    return FileResponse(path)


def site_routes() -> list[Route]:
    """All pages and scripts, as the real service has them, and those of other people's websites."""
    return [
        Route("/", lambda request: FileResponse(DEMO_SITE / "index.html")),
        Route("/page", page),
        Route("/shop", shop),
        Route("/page.css", lambda request: Response(PAGE_STYLES, media_type="text/css")),
        Route("/widget.js", lambda request: Response(widget_script(), media_type="text/javascript")),
        Route("/demo/config", config),
        Route("/demo/login", login, methods=["POST"]),
        Route("/demo/texts", texts),
        Route("/demo/static/{name}", demo_file),
    ]
