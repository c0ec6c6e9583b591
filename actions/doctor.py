"""What the billing system says when it is tried: for `make doctor`, as findings that `launcher.doctor` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.backend.http.billing import HttpBackend
from actions.backend.interface import BackendUnavailableError
from actions.settings import Settings, SettingsError

BILLING = "billing system"


def examine(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """One finding for what is wrong with the settings or the billing system, or for what works; none in the demo."""
    try:
        settings = Settings.from_environment(environment)
    except SettingsError as error:
        return [_finding("wrong", "action server", str(error), is_trouble=True)]
    if not settings.backend_url:
        return []
    backend = HttpBackend(settings.backend_url, settings.backend_token)
    try:
        backend.check()
        plans = len(backend.tariffs())
    except BackendUnavailableError as error:
        return [_finding("wrong", BILLING, f"{error}; docs/guide-billing-system.md says what it is asked", True)]
    return [_finding("ok", BILLING, f"answers, and sells {plans} plans", is_trouble=False)]


def _finding(state: str, subject: str, text: str, is_trouble: bool) -> dict[str, Any]:
    return {"state": state, "subject": subject, "text": text, "is_trouble": is_trouble}
