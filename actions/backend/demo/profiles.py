"""What sets each demo customer apart; who they are stands in demo_customers.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from actions.backend.model import BillItem, ComplaintKind, ComplaintStatus, ItemKind, OrderStatus, Words


@dataclass(frozen=True)
class PromotionProfile:
    """A discount whose last bill is `ends_in_months` after the newest one; below zero it has ended."""

    name: Words
    discount: Decimal
    ends_in_months: int


@dataclass(frozen=True)
class LineProfile:
    """A line contracted `since_months` before this month. Its data used this month grows by `mb_a_day`.

    `credit` makes it a prepaid one.
    """

    tariff: str
    number: str | None = None
    since_months: int = 14
    suspended: bool = False
    promotion: PromotionProfile | None = None
    mb_from_start: int = 0
    mb_a_day: int = 0
    credit: Decimal | None = None


@dataclass(frozen=True)
class OrderProfile:
    name: Words
    status: OrderStatus
    placed_days_ago: int
    expected_in_days: int | None


@dataclass(frozen=True)
class ComplaintProfile:
    code: str
    kind: ComplaintKind
    status: ComplaintStatus
    filed_days_ago: int
    text: str


@dataclass(frozen=True)
class Home:
    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Profile:
    """Bills count back from 0, the newest. `direct_debit` is the masked account that pays them on the 5th.

    Without one they are due at the month's end. A bill that is `unpaid` was returned by the bank, or never paid.
    """

    customer_id: str
    home: Home
    email: str
    lines: tuple[LineProfile, ...]
    bills: int = 12
    direct_debit: str | None = None
    unpaid: frozenset[int] = frozenset()
    extras: Mapping[int, tuple[BillItem, ...]] = field(default_factory=dict)
    orders: tuple[OrderProfile, ...] = ()
    complaints: tuple[ComplaintProfile, ...] = ()


def calls_abroad(amount: str) -> BillItem:
    return BillItem(ItemKind.INTERNATIONAL, Words("Llamadas internacionales", "International calls"), Decimal(amount))


def item(kind: ItemKind, es: str, en: str, amount: str) -> BillItem:
    return BillItem(kind, Words(es, en), Decimal(amount))


PROFILES: tuple[Profile, ...] = (
    Profile(
        customer_id="C-1001",
        home=Home("Calle del Arenal 14, 3.º B", "28013", "Madrid"),
        email="lucia.navarro@example.com",
        lines=(
            LineProfile(
                tariff="fibra-600-marea",
                number="600 001 001",
                promotion=PromotionProfile(
                    Words("Descuento por traer tu número", "Discount for bringing your number"), Decimal("5.00"), 4
                ),
                mb_a_day=640,
            ),
        ),
        extras={3: (calls_abroad("1.20"),), 8: (calls_abroad("0.85"),)},
    ),
    Profile(
        customer_id="C-1002",
        home=Home("Calle Sierpes 40, 2.º A", "41004", "Sevilla"),
        email="mateo.rivas@example.com",
        lines=(
            LineProfile(tariff="oceano", number="600 001 002", mb_a_day=1_150),
            LineProfile(tariff="brisa", number="600 001 022", since_months=9, mb_a_day=210),
        ),
        unpaid=frozenset({0, 1, 2}),
        extras={5: (calls_abroad("6.40"),)},
    ),
    Profile(
        customer_id="C-1003",
        direct_debit="ES·· ···· 4821",
        home=Home("Calle de las Barcas 7, 5.ª", "46002", "Valencia"),
        email="carmen.ortega@example.com",
        lines=(
            LineProfile(tariff="fibra-300"),
            LineProfile(tariff="brisa", number="600 001 003", suspended=True),
        ),
        unpaid=frozenset({0, 1, 2}),
    ),
    Profile(
        customer_id="C-1004",
        direct_debit="ES·· ···· 5534",
        home=Home("Carrer de la Princesa 21, 1r 2a", "08003", "Barcelona"),
        email="emily.carter@example.com",
        lines=(
            LineProfile(tariff="oceano", number="600 001 004", mb_a_day=1_900),
            LineProfile(tariff="fibra-300", since_months=2),
        ),
        extras={
            0: (
                item(ItemKind.ROAMING, "Pase diario EE. UU. (5 días)", "Daily pass USA (5 days)", "24.95"),
                item(ItemKind.ROAMING, "Llamadas desde EE. UU.", "Calls from the USA", "3.20"),
            ),
            6: (calls_abroad("2.10"),),
        },
    ),
    Profile(
        customer_id="C-1005",
        direct_debit="ES·· ···· 6247",
        home=Home("Avenida del Mar 3, bajo C", "29602", "Marbella"),
        email="james.whitfield@example.com",
        lines=(
            LineProfile(
                tariff="fibra-1000-oceano",
                number="600 001 005",
                promotion=PromotionProfile(Words("Descuento de bienvenida", "Welcome discount"), Decimal("15.00"), -1),
                mb_a_day=2_300,
            ),
        ),
        complaints=(
            ComplaintProfile(
                "R-4TX7QK",
                ComplaintKind.GENERAL,
                ComplaintStatus.RESOLVED,
                60,
                "The technician did not come on the agreed day.",
            ),
        ),
    ),
    Profile(
        customer_id="C-1006",
        direct_debit="ES·· ···· 6960",
        home=Home("Calle de Alfonso I 18, 4.º D", "50001", "Zaragoza"),
        email="valentina.suarez@example.com",
        lines=(LineProfile(tariff="marea", number="600 001 006", mb_from_start=24_200, mb_a_day=150),),
        extras={
            0: (
                item(ItemKind.PREMIUM_SMS, "SMS prémium 25 522 (3)", "Premium SMS 25 522 (3)", "4.35"),
                item(ItemKind.PREMIUM_SMS, "Suscripción «Horóscopo diario»", "Subscription “Daily horoscope”", "7.98"),
            ),
            4: (item(ItemKind.EXTRA_DATA, "5 GB extra", "5 GB extra", "6.00"),),
        },
        complaints=(
            ComplaintProfile(
                "R-9MHC3D",
                ComplaintKind.UNDUE_CHARGE,
                ComplaintStatus.IN_REVIEW,
                2,
                "Me han cobrado una suscripción que no he pedido.",
            ),
        ),
    ),
    Profile(
        customer_id="C-1007",
        direct_debit="ES·· ···· 7673",
        home=Home("Calle Sevilla 25, 2.º", "11201", "Algeciras"),
        email="oliver.hughes@example.com",
        bills=0,
        lines=(LineProfile(tariff="brisa", number="600 001 007", since_months=0, mb_a_day=90),),
        orders=(
            OrderProfile(
                Words("Instalación de la fibra de 600 Mb", "Installation of the 600 Mb fibre"),
                OrderStatus.SCHEDULED,
                placed_days_ago=5,
                expected_in_days=3,
            ),
        ),
    ),
    Profile(
        customer_id="C-1008",
        direct_debit="ES·· ···· 8386",
        home=Home("Calle Larios 9, 1.º", "29005", "Málaga"),
        email="diego.paredes@example.com",
        bills=0,
        lines=(
            LineProfile(tariff="brisa", number="600 001 008", since_months=5, mb_a_day=300, credit=Decimal("3.40")),
        ),
    ),
)
