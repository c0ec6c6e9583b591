"""A simulated day keeps the desk's promises, and more agents mean shorter waits."""

from __future__ import annotations

from statistics import mean

from handoff_service.simulation import simulate


def test_a_day_at_the_desk_keeps_its_promises() -> None:
    day = simulate(customers=250, agents=4, seed=3)
    assert day.customers == 250
    assert day.double_claims == 0
    assert day.unattended == 0
    assert day.kept >= 0.8
    assert day.late_presses > 0  # so somebody did press at the same time


def test_the_same_day_with_more_agents_has_shorter_waits() -> None:
    few, many = simulate(customers=200, agents=3, seed=5), simulate(customers=200, agents=6, seed=5)
    assert mean(many.waits) < mean(few.waits)
    assert many.breaches < few.breaches


def test_the_same_seed_is_the_same_day() -> None:
    assert simulate(customers=60, agents=3, seed=9) == simulate(customers=60, agents=3, seed=9)
