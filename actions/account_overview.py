"""What somebody who takes over a customer's case should know of the account: the plans, and what is owed."""

from __future__ import annotations

from typing import Any

from actions.backend.calling import within_time
from actions.backend.interface import Backend, UnknownCustomerError
from actions.wording import money_words

LANGUAGES = ("es", "en")


async def account_overview(backend: Backend, customer_id: str) -> dict[str, Any] | None:
    """`plan` and `debt` in words by language; `debt` is None where nothing is overdue. None for an unknown customer.

    Raises BackendUnavailableError.
    """
    try:
        lines = await within_time(backend.lines, customer_id)
        arrears = await within_time(backend.arrears, customer_id)
    except UnknownCustomerError:
        return None
    plans = [line.tariff.name for line in lines]
    plan = {language: " · ".join(name.in_language(language) for name in plans) for language in LANGUAGES}
    owed = {language: money_words(arrears.overdue, language) for language in LANGUAGES}
    return {"plan": plan if plans else None, "debt": owed if arrears.overdue > 0 else None}
