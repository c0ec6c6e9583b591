"""The Dockerfiles, read as a builder reads them: stages, what they copy, what they start, and the files they give."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = sorted((ROOT / "deploy").glob("*.Dockerfile"))
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()


@dataclass(frozen=True)
class Instruction:
    """One instruction with its continuation lines joined."""

    word: str
    rest: str


@dataclass(frozen=True)
class Copy:
    """`COPY`: `stage` is empty where it copies from the context."""

    sources: tuple[str, ...]
    target: str
    stage: str


@dataclass
class Stage:
    """From one FROM to the next."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def copies(self) -> list[Copy]:
        return [_copy(each.rest) for each in self.instructions if each.word == "COPY"]

    @property
    def command(self) -> list[str]:
        """What it starts, in the exec form."""
        return list(json.loads(self.last("CMD")))

    @property
    def environment(self) -> dict[str, str]:
        pairs = (pair for each in self.instructions if each.word == "ENV" for pair in each.rest.split())
        return dict(pair.split("=", 1) for pair in pairs)

    def last(self, word: str) -> str:
        return next(each.rest for each in reversed(self.instructions) if each.word == word)

    def lay_out(self, folder: Path) -> Path:
        """What it copies from the context into its working directory, and nothing else."""
        for copy in self.copies:
            if not copy.stage and not PurePosixPath(copy.target).is_absolute():
                for source in copy.sources:
                    _lay(source, folder / copy.target, copy.target.endswith("/"))
        return folder


def stages(dockerfile: Path) -> list[Stage]:
    read: list[Stage] = []
    for instruction in _instructions(dockerfile.read_text()):
        if instruction.word == "FROM":
            base, _, name = instruction.rest.partition(" AS ")
            read.append(Stage(base, name))
        else:
            read[-1].instructions.append(instruction)
    return read


def is_let_in(path: str) -> bool:
    """Whether a file gets into the context: as .dockerignore says, the last line that fits it or a folder above it."""
    let_in = True
    above = [path, *map(str, PurePosixPath(path).parents)][:-1]
    for line in IGNORED:
        pattern = line.removeprefix("!")
        if pattern and not line.startswith("#") and any(_fits(each, pattern) for each in above):
            let_in = line.startswith("!")
    return let_in


def _fits(path: str, pattern: str) -> bool:
    """As Docker has it: a star stops at a slash, two stars don't."""
    if pattern.startswith("**/"):
        return fnmatch(PurePosixPath(path).name, pattern.removeprefix("**/"))
    same_depth = path.count("/") == pattern.count("/")
    return same_depth and fnmatch(path, pattern)


def _instructions(text: str) -> list[Instruction]:
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        Instruction(word, " ".join(rest.split()))
        for word, _, rest in (line.partition(" ") for line in joined.splitlines())
    ]


def _copy(rest: str) -> Copy:
    words = rest.split()
    stage = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else ""
    return Copy(tuple(words[:-1]), words[-1], stage)


def _lay(source: str, target: Path, is_folder: bool) -> None:
    origin = ROOT / source
    if origin.is_dir():
        shutil.copytree(origin, target, ignore=_left_out, dirs_exist_ok=True)
        return
    assert is_let_in(source), f".dockerignore keeps {source} out"
    target.mkdir(parents=True, exist_ok=True) if is_folder else target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(origin, target)


def _left_out(folder: str, names: list[str]) -> list[str]:
    here = Path(folder).relative_to(ROOT)
    return [name for name in names if not is_let_in(str(PurePosixPath(here, name)))]
