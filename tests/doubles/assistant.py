"""A stand-in for the assistant's door: the same protocol, answers by rule, faults on demand."""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PDF = b"%PDF-1.4\n%a whole document\n%%EOF\n"


@dataclass
class StandIn:
    """Echoes; brings a person for «persona» or "person"; answers in English where the text starts with "en:".

    «adjunta» brings a document, as the action server hands it out.
    What the next answers shall hold besides is told by `control(next_answers=[{…}])`: each is laid over one answer.
    """

    secret: str
    mode: str = "well"  # well, down (503), hangs, empty (200 without words)
    delay: float = 0.0
    documents: str = "well"  # well, down (503), expired (404), hangs, other (no PDF)
    fetched: list[dict[str, str]] = field(default_factory=list)
    complaints: dict[str, str] | None = field(default_factory=dict)  # open ones: whose, and its code; None: not known
    accounts: dict[str, Any] | None = field(default_factory=dict)  # by customer; None: not known
    orders: dict[str, Any] | None = None  # claims of an order to be signed, for the next answer
    proves: dict[str, Any] | None = None  # claims of a proof that a code was right, for every answer
    next_answers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    foreseen: list[dict[str, Any]] = field(default_factory=list)  # what was only to be understood
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/webhooks/relevo/turn", self.turn, methods=["POST"]),
                Route("/webhooks/relevo/understand", self.understand, methods=["POST"]),
                Route("/webhooks/relevo/health", self.health),
                Route("/foreseen", self.show_foreseen),
                Route("/webhooks/relevo/conversations/{id}", self.forget, methods=["DELETE"]),
                Route("/health", self.health),
                Route("/control", self.control, methods=["POST"]),
                Route("/asked", self.show_asked),
                Route("/fetched", self.show_fetched),
                Route("/documents/{ref}", self.document),
                Route("/customers/account", self.account, methods=["POST"]),
                Route("/complaints/open", self.open_complaints, methods=["POST"]),
            ]
        )

    async def turn(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return JSONResponse({}, 401)
        body = await request.json()
        self.asked.append(body)
        if self.mode == "hangs":
            await asyncio.sleep(60)
        if self.mode == "down":
            return JSONResponse({}, 503)
        if self.mode == "empty":
            return JSONResponse([])
        await asyncio.sleep(self.delay)
        if body["turn_id"] not in self.answered:
            told = self.next_answers.pop(0) if self.next_answers else {}
            self.answered[body["turn_id"]] = {
                **_answer(body),
                "verified": self._proof(body),
                "order": self._order(body),
                **told,
            }
        answer = self.answered[body["turn_id"]]
        return JSONResponse(answer)

    async def understand(self, request: Request) -> Response:
        """Roaming has ready words, a debt would be looked up; anything else is no routine."""
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return JSONResponse({}, 401)
        body = await request.json()
        self.foreseen.append(body)
        if self.mode != "well":
            return JSONResponse({}, 503)
        return JSONResponse(_foreseen(body))

    async def show_foreseen(self, _request: Request) -> Response:
        return JSONResponse(self.foreseen)

    async def forget(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return JSONResponse({}, 401)
        if self.mode == "down":
            return JSONResponse({}, 503)
        mine = [body for body in self.asked if body["conversation_id"] == request.path_params["id"]]
        self.asked = [body for body in self.asked if body not in mine]
        return JSONResponse({"forgotten": len(mine)})

    async def account(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return JSONResponse({}, 401)
        if self.accounts is None:
            return JSONResponse({}, 503)
        found = self.accounts.get((await request.json())["customer_id"])
        return JSONResponse(found) if found else JSONResponse({}, 404)

    async def open_complaints(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return JSONResponse({}, 401)
        if self.complaints is None:
            return JSONResponse({}, 503)
        body = await request.json()
        who = {body["customer_id"], *body["conversations"]}
        return JSONResponse({"codes": [code for whose, code in self.complaints.items() if whose in who]})

    async def document(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return JSONResponse({}, 401)
        self.fetched.append({"ref": request.path_params["ref"], "conversation": request.query_params["conversation"]})
        if self.documents == "hangs":
            await asyncio.sleep(60)
        if self.documents in ("down", "expired"):
            return JSONResponse({}, 503 if self.documents == "down" else 404)
        return Response(b"<html>" if self.documents == "other" else PDF, media_type="application/pdf")

    async def show_fetched(self, _request: Request) -> Response:
        return JSONResponse(self.fetched)

    def _proof(self, body: dict[str, Any]) -> str | None:
        """As an action signs it; the claims of `proves` make it another one, and its `key` signs it otherwise."""
        if self.proves is None:
            return None
        bound = {"aud": "relevo-switchboard", "cid": body["conversation_id"], "tid": body["turn_id"]}
        claims = {**bound, "exp": int(time.time()) + 100, **self.proves}
        return jwt.encode(claims, claims.pop("key", self.secret), algorithm="HS256")

    def _order(self, body: dict[str, Any]) -> str | None:
        """As an action signs what a customer has done with their data; once."""
        if self.orders is None:
            return None
        bound = {"aud": "relevo-orders", "cid": body["conversation_id"], "tid": body["turn_id"]}
        claims = {**bound, "exp": int(time.time()) + 100, **self.orders}
        self.orders = None
        return jwt.encode(claims, claims.pop("key", self.secret), algorithm="HS256")

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok", "model": "stand-in"}, 200 if self.mode == "well" else 503)

    async def control(self, request: Request) -> Response:
        for name, value in (await request.json()).items():
            setattr(self, name, value)
        return JSONResponse({})

    async def show_asked(self, _request: Request) -> Response:
        return JSONResponse(self.asked)


def _answer(body: dict[str, Any]) -> dict[str, Any]:
    text = body["payload"] or body["text"]
    english = text.startswith("en:") or body["language"] == "en"
    wants_person = "persona" in text or "person" in text
    message = {"text": f"eco: {text}", "buttons": [{"title": "Ver tarifas", "payload": "/tariff_list"}]}
    if "adjunta" in text:
        attachment = {"name": "factura-2026-10.pdf", "mime": "application/pdf", "ref": "a.signed-reference"}
        message = {**message, "attachments": [attachment]}
    return {
        "turn_id": body["turn_id"],
        "messages": [] if wants_person else [message],
        "language": "en" if english else "es",
        "nlu": None if body["payload"] else {"intent": "human" if wants_person else "greeting", "confidence": 0.9},
        "frustration": None if body["payload"] else 0.25,
        "handoff": {
            "reason": "asked_for_person",
            "signals": [{"name": "asked_for_person", "value": True, "weight": 1.0}],
        }
        if wants_person
        else None,
    }


def _foreseen(body: dict[str, Any]) -> dict[str, Any]:
    text = body["text"]
    intent = "roaming" if "roaming" in text else "check_balance" if "debo" in text else "refund"
    answer = "En la Unión Europea usas tus datos como en casa." if intent == "roaming" else None
    return {
        "language": body["language"],
        "nlu": {"intent": intent, "confidence": 0.9, "ranking": []},
        "frustration": 0.1,
        "abuse": 0.0,
        "routine": intent != "refund",
        "answer": answer,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("secret")
    given = parser.parse_args()
    uvicorn.run(StandIn(given.secret).app(), port=given.port, log_level="warning", access_log=False)
