"""What the demo operator sells. The prices are those of the topic `tariff_list`."""

from __future__ import annotations

from decimal import Decimal

from actions.backend.model import Bonus, LineKind, Tariff, Words

CALLS = Words("llamadas nacionales ilimitadas", "unlimited calls within Spain")

TARIFFS: tuple[Tariff, ...] = (
    Tariff(
        code="brisa",
        kind=LineKind.MOBILE,
        name=Words("Brisa", "Brisa"),
        includes=Words(f"10 GB y {CALLS.es}", f"10 GB and {CALLS.en}"),
        price=Decimal("8.90"),
        data_mb=10_000,
        roaming_mb=8_000,
    ),
    Tariff(
        code="marea",
        kind=LineKind.MOBILE,
        name=Words("Marea", "Marea"),
        includes=Words(f"30 GB y {CALLS.es}", f"30 GB and {CALLS.en}"),
        price=Decimal("12.90"),
        data_mb=30_000,
        roaming_mb=14_000,
    ),
    Tariff(
        code="oceano",
        kind=LineKind.MOBILE,
        name=Words("Océano", "Océano"),
        includes=Words("datos y llamadas nacionales ilimitados", "unlimited data and calls within Spain"),
        price=Decimal("19.90"),
        data_mb=None,
        roaming_mb=22_000,
    ),
    Tariff(
        code="fibra-300",
        kind=LineKind.FIBRE,
        name=Words("Fibra 300 Mb", "Fibre 300 Mb"),
        includes=Words("300 Mb de subida y bajada", "300 Mb up and down"),
        price=Decimal("24.90"),
        data_mb=None,
        speed_mb=300,
    ),
    Tariff(
        code="fibra-600",
        kind=LineKind.FIBRE,
        name=Words("Fibra 600 Mb", "Fibre 600 Mb"),
        includes=Words("600 Mb de subida y bajada", "600 Mb up and down"),
        price=Decimal("29.90"),
        data_mb=None,
        speed_mb=600,
    ),
    Tariff(
        code="fibra-1000",
        kind=LineKind.FIBRE,
        name=Words("Fibra 1 Gb", "Fibre 1 Gb"),
        includes=Words("1 Gb de subida y bajada", "1 Gb up and down"),
        price=Decimal("34.90"),
        data_mb=None,
        speed_mb=1000,
    ),
    Tariff(
        code="fibra-600-marea",
        kind=LineKind.BUNDLE,
        name=Words("Fibra 600 Mb + Marea", "Fibre 600 Mb + Marea"),
        includes=Words(f"600 Mb en casa, 30 GB y {CALLS.es}", f"600 Mb at home, 30 GB and {CALLS.en}"),
        price=Decimal("37.90"),
        data_mb=30_000,
        roaming_mb=14_000,
        speed_mb=600,
    ),
    Tariff(
        code="fibra-1000-oceano",
        kind=LineKind.BUNDLE,
        name=Words("Fibra 1 Gb + Océano", "Fibre 1 Gb + Océano"),
        includes=Words(
            "1 Gb en casa, datos y llamadas nacionales ilimitados",
            "1 Gb at home, unlimited data and calls within Spain",
        ),
        price=Decimal("47.90"),
        data_mb=None,
        roaming_mb=22_000,
        speed_mb=1000,
    ),
)

# As the topic `topup` has them.
BONUSES: tuple[Bonus, ...] = (
    Bonus("datos-1", Words("1 GB extra", "1 GB extra"), 1_000, Decimal("2.00")),
    Bonus("datos-5", Words("5 GB extra", "5 GB extra"), 5_000, Decimal("6.00")),
    Bonus("datos-10", Words("10 GB extra", "10 GB extra"), 10_000, Decimal("9.00")),
)
PREPAID_AMOUNTS: tuple[Decimal, ...] = tuple(Decimal(f"{euros}.00") for euros in (5, 10, 15, 20, 30, 50))

BONUS_BY_CODE: dict[str, Bonus] = {bonus.code: bonus for bonus in BONUSES}
BY_CODE: dict[str, Tariff] = {tariff.code: tariff for tariff in TARIFFS}
