"""The action server starts with safe settings or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.http.billing import HttpBackend
from actions.backend.opening import open_backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.settings import Settings, SettingsError
from tests.actions.running import SECRET


def test_defaults_are_local_and_need_only_the_secret() -> None:
    settings = Settings.from_environment({"RELEVO_SECRET": SECRET})
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 5055, Path("var"))
    assert settings.terms == ComplaintTerms(15, 5)


def test_what_is_set_is_taken() -> None:
    settings = Settings.from_environment(
        {
            "RELEVO_SECRET": SECRET,
            "ACTIONS_HOST": "10.0.0.7",
            "ACTIONS_PORT": "5255",
            "DATA_DIR": "/srv/relevo",
            "COMPLAINT_DAYS": "20",
            "COMPLAINT_DAYS_UNDUE_CHARGE": "3",
        }
    )
    assert (settings.host, settings.port, settings.data_dir) == ("10.0.0.7", 5255, Path("/srv/relevo"))
    assert settings.terms == ComplaintTerms(20, 3)


@pytest.mark.parametrize("network", ["127.0.0.0/8", "127.0.0.1/32"])
def test_a_private_network_stands_for_this_machines_address_in_it(network: str) -> None:
    assert Settings.from_environment({"RELEVO_SECRET": SECRET, "ACTIONS_HOST": network}).host == "127.0.0.1"


# 198.18.0.0/15 is kept for measurements: no machine of the tests has an address in it.
OUTSIDE = ["0.0.0.0", "::", "8.8.8.8", "example.org", "0.0.0.0/0", "8.8.8.0/24", "198.18.7.0/24", "127.0.0.1/8"]


@pytest.mark.parametrize("host", OUTSIDE)
def test_an_address_that_outsiders_reach_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="ACTIONS_HOST"):
        Settings.from_environment({"RELEVO_SECRET": SECRET, "ACTIONS_HOST": host})


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
def test_a_missing_or_short_secret_is_refused(secret: str) -> None:
    with pytest.raises(SettingsError, match="RELEVO_SECRET"):
        Settings.from_environment({"RELEVO_SECRET": secret})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ACTIONS_PORT", "0"),
        ("ACTIONS_PORT", "65536"),
        ("COMPLAINT_DAYS", "soon"),
        ("COMPLAINT_DAYS", "-1"),
        ("OPERATOR_TIMEZONE", "Mars/Olympus"),
    ],
)
def test_a_wrong_value_is_named(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({"RELEVO_SECRET": SECRET, name: text})


@pytest.mark.parametrize(
    ("url", "token", "named"),
    [
        ("https://billing.example.org", "", "BACKEND_TOKEN"),
        ("", "token", "BACKEND_URL"),
        ("billing.example.org", "token", "BACKEND_URL"),
        ("ftp://billing.example.org", "token", "BACKEND_URL"),
        ("https://me:pass@billing.example.org", "token", "BACKEND_URL"),
        ("https://billing.example.org/api?x=1", "token", "BACKEND_URL"),
        ("https://[billing", "token", "BACKEND_URL"),
        ("https://billing.example.org:port", "token", "BACKEND_URL"),
        ("https://billing.example.org", "two words", "BACKEND_TOKEN"),
        ("https://billing.example.org", "contraseña", "BACKEND_TOKEN"),
    ],
)
def test_a_billing_system_needs_an_address_and_a_token(url: str, token: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named) as refused:
        Settings.from_environment({"RELEVO_SECRET": SECRET, "BACKEND_URL": url, "BACKEND_TOKEN": token})
    assert "pass@" not in str(refused.value)


def test_the_demo_never_stands_in_for_a_real_backend(tmp_path: Path) -> None:
    real = {"RELEVO_SECRET": SECRET, "BACKEND_URL": "https://billing.example.org/api", "BACKEND_TOKEN": "token"}
    assert isinstance(open_backend(Settings.from_environment(real)), HttpBackend)
    demo = {"RELEVO_SECRET": SECRET, "BACKEND_URL": "", "DATA_DIR": str(tmp_path)}
    assert isinstance(open_backend(Settings.from_environment(demo)), EmbeddedBackend)
    assert "not-shown" not in repr(Settings.from_environment({**real, "BACKEND_TOKEN": "a-token-not-shown"}))


def test_the_secret_never_shows() -> None:
    assert SECRET not in repr(Settings(secret=SECRET))
