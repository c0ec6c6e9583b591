"""Money on its way into and out of a database: whole cents there, Decimal here, never a float."""

from __future__ import annotations

from decimal import Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> int:
    """Whole cents; ValueError for an amount with a fraction of a cent."""
    cents = amount / CENT
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    return (Decimal(cents) * CENT).quantize(CENT)
