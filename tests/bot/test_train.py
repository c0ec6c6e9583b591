"""Training happens when what the model is made of has changed, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.train import fingerprint, sources
from tests.bot.project import Project

CONTRADICTION = """version: "3.1"
rules:
  - rule: another answer to a greeting
    steps:
      - intent: greeting
      - action: utter_due_date
"""


def models(project: Project) -> dict[str, float]:
    return {path.name: path.stat().st_mtime for path in (project.folder / "models").glob("*.tar.gz")}


def test_without_a_change_nothing_is_trained_and_with_force_it_is(project: Project) -> None:
    before = models(project)
    again = project.run("bot.train")
    assert again.returncode == 0
    assert "has not changed" in again.stdout
    assert set(models(project)) == set(before)
    forced = project.run("bot.train", "--force")
    assert forced.returncode == 0
    assert "Trained" in forced.stdout


def test_a_model_that_was_changed_is_trained_anew(project: Project) -> None:
    project.run("bot.train")
    newest = max((project.folder / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    newest.write_bytes(newest.read_bytes() + b"0")
    assert "Trained" in project.run("bot.train").stdout


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/topics/greeting.yml", "data/frustration.yml", "data/needs.yml"]
)
def test_a_change_in_any_of_the_trainers_files_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.chdir(Project(tmp_path).folder)
    before = fingerprint(sources())
    assert fingerprint(sources()) == before
    with Path(changed).open("a") as file:
        file.write("# a change\n")
    assert fingerprint(sources()) != before


def test_a_new_topic_and_the_code_that_learns_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Project(tmp_path).folder)
    before = fingerprint(sources())
    Path("data/topics/new.yml").write_text("version: '3.1'\n")
    assert fingerprint(sources()) != before
    assert "classifier.py" in {path.name for path in sources()}


def test_training_data_that_contradicts_itself_gives_no_model(tmp_path: Path) -> None:
    broken = Project(tmp_path)
    (broken.folder / "data/topics/contradiction.yml").write_text(CONTRADICTION)
    trained = broken.run("bot.train")
    assert trained.returncode != 0
    assert not models(broken)
