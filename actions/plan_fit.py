"""Which plan fits what a customer uses, and how plans are told side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.account_action import Speaker
from actions.backend.model import Line, Tariff, Usage
from actions.wording import data_words, difference_words

ROOM_PERCENT = 110
"""A plan fits when it holds the greatest month's use and a tenth more."""


@dataclass(frozen=True)
class Fit:
    """The cheapest plan of the line's kind that holds what the line uses."""

    line: Line
    tariff: Tariff
    typical_mb: int

    @property
    def is_their_own(self) -> bool:
        return self.tariff.code == self.line.tariff.code

    @property
    def difference(self) -> Decimal:
        """Per month against what the line costs now."""
        return self.tariff.price - self.line.monthly_price

    def say(self, speaker: Speaker, buttons: list[dict[str, str]] | None = None) -> None:
        response = "own" if self.is_their_own else "more" if self.difference > 0 else "less"
        speaker.say(
            f"utter_plan_fit_{response}",
            line=speaker.line(self.line),
            used=data_words(self.typical_mb, speaker.language),
            plan=plan_named(self.tariff, speaker),
            price=speaker.money(self.tariff.price),
            difference=speaker.money(abs(self.difference)),
            buttons=buttons,
        )


def fitting_plan(line: Line, usage: Iterable[Usage], tariffs: Sequence[Tariff]) -> Fit | None:
    """What fits a line by its last whole months; None where nothing is known of its use."""
    used = next((entry for entry in usage if entry.number == line.number), None)
    if used is None or not used.past_mb:
        return None
    typical = max(used.past_mb)
    of_kind = [t for t in tariffs if t.kind is line.kind and (t.speed_mb or 0) >= (line.tariff.speed_mb or 0)]
    fitting = [t for t in of_kind if t.data_mb is None or t.data_mb * 100 >= typical * ROOM_PERCENT]
    if not fitting:
        return None
    cheapest = min(fitting, key=lambda tariff: tariff.price)
    own_fits = any(tariff.code == line.tariff.code for tariff in fitting)
    saves = cheapest.price < line.monthly_price
    if own_fits and not saves:
        return Fit(line, line.tariff, typical)
    return Fit(line, cheapest, typical)


def plan_named(tariff: Tariff, speaker: Speaker) -> str:
    """«Marea (30 GB)», «Océano (datos ilimitados)», «Fibra 600 Mb»."""
    name = tariff.name.in_language(speaker.language)
    return f"{name} ({data_words(tariff.data_mb, speaker.language)})" if tariff.has_mobile else name


def plan_entry(tariff: Tariff, now: Decimal | None, speaker: Speaker) -> str:
    """«Marea (30 GB): 12,90 €», with the difference to what is paid now where that is known."""
    entry = f"{plan_named(tariff, speaker)}: {speaker.money(tariff.price)}"
    return entry if now is None else f"{entry} ({difference_words(tariff.price - now, speaker.language)})"
