"""How much of an amount is tax. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def without_vat(total: Decimal, percent: Decimal) -> tuple[Decimal, Decimal]:
    """The net amount and the tax in a total that includes it; together they are the total to the cent."""
    net = (total * HUNDRED / (HUNDRED + percent)).quantize(CENT, ROUND_HALF_UP)
    return net, total - net
