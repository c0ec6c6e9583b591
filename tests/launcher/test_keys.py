"""Made secrets: for their owner's eyes, and the same tomorrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import keys
from launcher.project import Problem


def test_what_is_missing_is_made_and_stays_the_same(tmp_path: Path) -> None:
    first, second = keys.complete({}, tmp_path), keys.complete({}, tmp_path)
    assert first == second
    assert set(first) == {"RELEVO_SECRET", "WIDGET_IDENTITY_SECRET", "AGENT_TOKENS"}
    assert len(first["RELEVO_SECRET"]) >= 32
    assert len(set(first.values())) == 3


def test_another_data_dir_gets_other_secrets(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    assert not set(keys.complete({}, one).values()) & set(keys.complete({}, two).values())


def test_only_their_owner_can_read_them(tmp_path: Path) -> None:
    keys.complete({}, tmp_path)
    file = tmp_path / "secrets.json"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    keys.complete({}, tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_given_secret_is_used_and_not_kept(tmp_path: Path) -> None:
    given = {"RELEVO_SECRET": "given" * 10, "OPERATOR_NAME": "Alborada"}
    complete = keys.complete(given, tmp_path)
    assert complete["RELEVO_SECRET"] == "given" * 10
    assert complete["OPERATOR_NAME"] == "Alborada"
    assert "given" not in (tmp_path / "secrets.json").read_text()


def test_a_given_secret_for_a_day_does_not_change_the_kept_one(tmp_path: Path) -> None:
    kept = keys.complete({}, tmp_path)
    keys.complete({"RELEVO_SECRET": "given" * 10}, tmp_path)
    assert keys.complete({}, tmp_path) == kept


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="at least 32"):
        keys.complete({"RELEVO_SECRET": "short"}, tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", ""])
def test_a_damaged_file_is_a_problem_that_says_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(Problem, match="Remove it"):
        keys.complete({}, tmp_path)


def test_the_first_agents_token_is_that_of_the_first_pair() -> None:
    assert keys.first_token("ana: a1 ,luis:l2") == "a1"
    assert keys.first_token("") == ""
