"""A desk in the middle of a working day, to look at and to test against."""

from __future__ import annotations

from typing import Any

from tests.browser.desk_script import Agent, Desk, at, promise_of, running_clock


def furnish(desk: Desk) -> None:
    """Fills an empty desk: people waiting, Ana's and colleagues' conversations, some closed ones."""
    desk.agents = {
        "ana-token": Agent("Ana"),
        "marta-token": Agent("Marta"),
        "root-token": Agent("Iria", "supervisor"),
    }
    desk.available = {"Ana": True, "Marta": False}
    _waiting(desk)
    _held(desk)
    _closed(desk)


def _open(desk: Desk, handoff_id: str, customer: str | None, since: float, **fields: Any) -> None:
    known = {"id": f"C-{1000 + len(desk.handoffs) * 37}", "name": customer, "verified": True}
    unknown = {"id": None, "name": None, "verified": False}
    times = {"opened_at": at(since), "waiting_since": at(since)}
    desk.put(handoff_id, **{"customer": known if customer else unknown, **times, **fields})


def _waiting(desk: Desk) -> None:
    _open(
        desk,
        "carmen",
        "Carmen Ibáñez Rueda",
        290,
        reason="vulnerable_customer",
        priority="urgent",
        summary="Tiene a su madre con teleasistencia en la línea fija. Está cortada desde ayer por un recibo devuelto.",
        signals=[
            {"name": "vulnerable_customer", "value": True, "weight": 0.9},
            {"name": "frustration", "value": 0.62, "weight": 0.4},
        ],
        clocks=[running_clock("first", 300, 290)],
        asked=["Marta", "Iria"],
        preferred_agent="Marta",
        preferred_until=at(-100),
    )
    desk.store(
        "carmen",
        "customer",
        "me han cortado la línea y mi madre tiene la teleasistencia ahí",
        sent_at=at(310),
        intent="suspension",
        confidence=0.91,
        frustration=0.62,
    )
    _open(
        desk,
        "diego",
        "Diego Paredes",
        164,
        reason="frustration",
        priority="high",
        channel="telegram",
        team="facturas",
        summary="Tercer mes con un cargo de 12,99 € que no reconoce.",
        signals=[
            {"name": "frustration", "value": 0.81, "weight": 0.7},
            {"name": "repetition", "value": 3, "weight": 0.3},
        ],
        opens_at=at(-50_000),
    )
    desk.store(
        "diego",
        "customer",
        "llevo tres meses con el mismo recibo mal, estoy harto",
        sent_at=at(170),
        intent="explain_charge",
        confidence=0.88,
        frustration=0.81,
    )
    _open(
        desk,
        "tom",
        "Tom Whitfield",
        71,
        language="en",
        reason="not_understood",
        signals=[{"name": "not_understood", "value": 2, "weight": 0.8}],
        clocks=[running_clock("first", 900, 71)],
    )
    desk.store(
        "tom",
        "customer",
        "my esim profile won't download after the swap",
        sent_at=at(75),
        intent="sim",
        confidence=0.38,
    )
    _open(desk, "anon", None, 22, reason="asked_for_person")
    desk.store("anon", "customer", "quiero hablar con alguien", sent_at=at(25), intent="human", confidence=0.97)


def _held(desk: Desk) -> None:
    _lucia(desk)
    _open(
        desk,
        "rosa",
        "Rosa Quispe Mamani",
        1500,
        status="assigned",
        agent={"name": "Ana", "desk": "console"},
        claimed_at=at(1300),
        reason="complaint",
        channel="telegram",
        summary="Reclama la instalación que se canceló dos veces.",
        clocks=[{**running_clock("next", 600, 40), "state": "stopped", "warn_at": None, "due_at": None}],
    )
    desk.store("rosa", "customer", "¿Y el técnico cuándo viene entonces?", sent_at=at(420))
    desk.store("rosa", "agent", "Te lo confirmo hoy antes de las seis, Rosa.", name="Ana", sent_at=at(380))
    _open(
        desk,
        "pablo",
        "Pablo Sorolla",
        900,
        status="assigned",
        agent={"name": "Marta", "desk": "slack"},
        claimed_at=at(850),
        reason="leaving",
        priority="high",
        summary="Tiene una oferta de otra compañía.",
    )
    desk.store(
        "pablo",
        "customer",
        "me ofrecen lo mismo por 10 euros menos",
        sent_at=at(200),
        intent="cancel_service",
        confidence=0.8,
    )


def _lucia(desk: Desk) -> None:
    _open(
        desk,
        "lucia",
        "Lucía Ferrer Molina",
        560,
        status="assigned",
        agent={"name": "Ana", "desk": "console"},
        claimed_at=at(480),
        reason="frustration",
        priority="high",
        summary="Le han cobrado 23,40 € de más en la factura de noviembre por «llamadas internacionales» que no hizo. "
        "El asistente le explicó la línea dos veces y no quedó conforme.",
        signals=[
            {"name": "frustration", "value": 0.74, "weight": 0.8},
            {"name": "repetition", "value": 2, "weight": 0.45},
            {"name": "asked_for_person", "value": True, "weight": 0.3},
        ],
        clocks=[
            {**running_clock("first", 900, 90), "state": "met", "warn_at": None, "due_at": None},
            running_clock("next", 90, 95),
        ],
        asked=["Marta"],
    )
    day = 86_400
    script: list[tuple[str, str, float, dict[str, Any]]] = [
        (
            "customer",
            "Hola! me pasáis copia de la factura de octubre?",
            day + 900,
            {"intent": "invoice_copy", "confidence": 0.95, "frustration": 0.02},
        ),
        (
            "assistant",
            "Claro, Lucía. Aquí tienes la factura de octubre en PDF.",
            day + 898,
            {"attachments": [{"name": "factura-octubre.pdf", "url": "/files/8c1", "mime": "application/pdf"}]},
        ),
        ("customer", "gracias!!", day + 800, {"intent": "thanks", "confidence": 0.99, "frustration": 0.0}),
        (
            "customer",
            "por qué me ha subido tanto la factura este mes??",
            720,
            {"intent": "explain_charge", "confidence": 0.93, "frustration": 0.31},
        ),
        (
            "assistant",
            "Este mes son 58,30 €. La diferencia son 23,40 € de llamadas internacionales del día 9.",
            718,
            {
                "buttons": [
                    {"title": "Ver el detalle", "payload": "/explain_charge"},
                    {"title": "Hablar con una persona", "payload": "/human"},
                ]
            },
        ),
        (
            "customer",
            "yo no he llamado a ningún país",
            650,
            {"intent": "explain_charge", "confidence": 0.71, "frustration": 0.52},
        ),
        (
            "customer",
            "es la segunda vez que os pasa, esto es una tomadura de pelo",
            600,
            {"intent": "explain_charge", "confidence": 0.64, "frustration": 0.84},
        ),
        ("system", "Te paso con una persona. Eres la siguiente; suele tardar entre 2 y 5 minutos.", 559, {}),
        (
            "agent",
            "Hola, Lucía. Soy Ana. Ya veo el cargo del día 9; dame un momento y lo miro contigo.",
            470,
            {"name": "Ana"},
        ),
        (
            "note",
            "Hay otro cliente con el mismo cargo del día 9: parece la centralita. Se puede abonar sin pedir permiso.",
            400,
            {"name": "Marta"},
        ),
        ("agent", "Te confirmo que es un error nuestro.", 300, {"name": "Ana"}),
        (
            "agent",
            "Te abonamos los 23,40 € en la próxima factura y lo verás anotado mañana.",
            290,
            {"name": "Ana", "edited_at": at(280)},
        ),
        ("customer", "vale, por fin. y no me va a volver a pasar?", 95, {}),
    ]
    for author, text, ago, fields in script:
        desk.store("lucia", author, text, sent_at=at(ago), **fields)
    _open(
        desk,
        "lucia-before",
        "Lucía Ferrer Molina",
        day * 46,
        status="resolved",
        agent={"name": "Marta", "desk": "slack"},
        reason="asked_for_person",
        outcome="solved",
        topic="port_in",
        resolved_at=at(day * 46 - 900),
        channel="telegram",
    )
    desk.store("lucia-before", "customer", "cuándo se hace la portabilidad?", sent_at=at(day * 46 + 60))
    desk.earlier["lucia"] = ["lucia-before"]
    promise = promise_of("R-LUCIA-BEFORE", "Marta", "Te confirmo por aquí la fecha de la portabilidad.", "2026-10-09")
    desk.put("lucia-before", promise=promise)
    desk.put("lucia", open_promises=[promise])


def _closed(desk: Desk) -> None:
    _open(
        desk,
        "nuria",
        "Nuria Vidal",
        5400,
        status="resolved",
        agent={"name": "Ana", "desk": "console"},
        reason="complex_case",
        outcome="solved",
        topic="move_house",
        resolved_at=at(3000),
    )
    desk.store("nuria", "customer", "perfecto, muchas gracias por todo", sent_at=at(3020))
    _open(
        desk,
        "samuel",
        "Samuel Ortega",
        7200,
        status="resolved",
        agent={"name": "Marta", "desk": "slack"},
        reason="asked_for_person",
        outcome="no_reply",
        resolved_at=at(5000),
    )
    desk.store("samuel", "agent", "Samuel, ¿sigues ahí?", name="Marta", sent_at=at(5600))
    _open(desk, "elena", None, 8000, status="abandoned", resolved_at=at(7000))
    desk.store("elena", "customer", "da igual, ya llamo", sent_at=at(7010))
