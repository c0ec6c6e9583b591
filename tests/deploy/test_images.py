"""What the Dockerfiles promise: locked packages, a fixed and unprivileged user, nothing secret, nothing forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.images import DOCKERFILES, ROOT, Stage, is_let_in, stages
from tests.rasa_run import PYTHON as RASA

every_image = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.stem)


def final(dockerfile: Path) -> Stage:
    return stages(dockerfile)[-1]


def test_there_is_an_image_for_the_services_environment_and_one_for_rasas() -> None:
    assert [path.stem for path in DOCKERFILES] == ["assistant", "service"]


@every_image
def test_everything_that_is_copied_exists_and_gets_into_the_context(dockerfile: Path) -> None:
    read = stages(dockerfile)
    for stage in read:
        for copy in stage.copies:
            if copy.stage:
                assert copy.stage in [each.name for each in read]
                continue
            for source in copy.sources:
                path = ROOT / source
                assert path.exists(), source
                assert any(
                    is_let_in(str(each.relative_to(ROOT))) for each in ([path] if path.is_file() else path.rglob("*"))
                )


@every_image
def test_every_package_comes_from_a_lock_with_its_hash(dockerfile: Path) -> None:
    text = dockerfile.read_text().replace("\\\n", " ")
    installs = re.findall(r"pip install (.*?)(?:&&|\n)", text)
    assert installs
    for options in installs:
        assert {"--require-hashes", "--only-binary"} <= set(options.split())
        locks = re.findall(r"-r /(requirements/\S+)", options)
        assert locks and all((ROOT / lock).exists() for lock in locks)
    assert not re.search(r"apt-get|curl |wget |index-url|ADD ", text)


@every_image
def test_the_base_is_an_official_image_of_the_python_that_the_lock_is_for(dockerfile: Path) -> None:
    version = {"assistant": "3.10", "service": "3.11"}[dockerfile.stem]
    read = stages(dockerfile)
    own = {stage.name for stage in read}
    assert {stage.base for stage in read} - own == {f"python:{version}-slim"}


@every_image
def test_it_runs_as_somebody_without_rights_and_says_whether_it_is_well(dockerfile: Path) -> None:
    stage = final(dockerfile)
    assert stage.last("USER") == "10001:10001"
    assert [each.word for each in stage.instructions].index("USER") > max(
        number for number, each in enumerate(stage.instructions) if each.word in ("COPY", "RUN")
    )
    assert "deploy.healthcheck" in stage.last("HEALTHCHECK")
    assert stage.last("VOLUME") == '["/data"]'


@every_image
def test_no_setting_that_is_secret_is_in_the_image(dockerfile: Path) -> None:
    named = {name for stage in stages(dockerfile) for name in stage.environment}
    assert not {name for name in named if re.search(r"SECRET|TOKEN|PASSWORD|DATABASE_URL", name)}
    assert not re.search(r"^ARG ", dockerfile.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "handoff.env",
        ".git/config",
        "var/relevo.db",
        "models/relevo-0123456789abcdef.tar.gz",
        "tests/conftest.py",
        "deploy/compose.yml",
        "bot/__pycache__/run.cpython-310.pyc",
        "requirements/rasa.in",
        ".venv/rasa/bin/python",
    ],
)
def test_what_is_no_part_of_the_product_never_gets_into_the_context(path: str) -> None:
    assert not is_let_in(path)


@pytest.mark.parametrize("path", ["bot/run.py", "data/topics/account/identify.yml", "requirements/rasa.txt"])
def test_what_is_a_part_of_it_does(path: str) -> None:
    assert is_let_in(path)


def test_every_file_that_the_service_reads_outside_its_folder_is_in_its_image(tmp_path: Path) -> None:
    final(ROOT / "deploy" / "service.Dockerfile").lay_out(tmp_path)
    sources = [path.read_text() for path in (ROOT / "handoff_service").rglob("*.py")]
    named = [each for source in sources for each in re.findall(r"PROJECT((?: / \"[^\"]+\")+)", source)]
    paths = ["/".join(re.findall(r"\"([^\"]+)\"", each)) for each in named]
    assert len(paths) > 3
    assert [path for path in paths if not (tmp_path / path).exists()] == []


FINGERPRINT = "from bot.train import fingerprint, sources; print(fingerprint(sources()))"


def test_the_model_is_trained_of_all_that_the_project_trains_it_of(tmp_path: Path) -> None:
    if not RASA.exists():
        pytest.fail("Rasa's environment is not installed")
    model = next(stage for stage in stages(ROOT / "deploy" / "assistant.Dockerfile") if stage.name == "model")
    model.lay_out(tmp_path)
    told = [
        subprocess.run([RASA, "-B", "-c", FINGERPRINT], cwd=folder, capture_output=True, text=True, check=True).stdout
        for folder in (tmp_path, ROOT)
    ]
    assert told[0] == told[1]


@every_image
def test_the_code_in_it_is_whole_for_the_python_in_it(dockerfile: Path, tmp_path: Path) -> None:
    stage = final(dockerfile)
    stage.lay_out(tmp_path)
    python = str(RASA) if dockerfile.stem == "assistant" else sys.executable
    compiled = next(each.rest for each in stage.instructions if each.word == "RUN" and "compileall" in each.rest)
    folders = compiled.partition("-q ")[2].split()
    assert {folder for folder in folders if not (tmp_path / folder).is_dir()} == set()
    subprocess.run([python, "-m", "compileall", "-q", *folders], cwd=tmp_path, check=True)
