"""`make audit`: secrets in the repository, what the product is made of, and what is known against it.

Each check first proves on something bad that it would find it: one that looked at nothing must not pass. Where there is
no way to look, it says "not checked", and that is no pass either.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from launcher import environments
from launcher.advisories import SOURCE, Accepted, Unreachable, advisories_against, pins_of
from launcher.children import Command
from launcher.environments import TESTS
from launcher.project import ROOT
from launcher.signals import Signals

BASELINE = ".secrets.baseline"
# The trainers' sentences hold words and no settings; locks hold hashes; the rest is no text.
NOT_SEARCHED = re.compile(
    r"^requirements/.*\.txt$|package-lock\.json$|^data/|^tests/(understanding|conversations|mood)/|"
    r"\.(ttf|png|ico|woff2?)$|^\.secrets\.baseline$"
)
AT_ONCE = 2
FOUND = 1  # by detect-secrets' hook; 3 says that known ones have moved to other lines
MOVED = 3
RESULTS = ROOT / "results"
MADE_OF = {"services": "fastapi", "rasa": "rasa"}  # a lock, and what must be in its bill for it to be one
ACCEPTED = ROOT / "requirements" / "advisories.accepted"


def audit(arguments: Sequence[str], signals: Signals) -> int:
    """Run every check, also when one finds something; 1 if any did, or could not do its work."""
    parser = ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--advisories", default=SOURCE, metavar="URL", help="an OSV database; default: %(default)s")
    given = parser.parse_args(arguments)
    environments.install([TESTS], signals)
    passed = [secrets(ROOT), bills(ROOT), advisories(given.advisories)]
    return int(not all(passed))


def secrets(root: Path) -> bool:
    """No secret stands in a file that is not in the baseline as made up."""
    files = _tracked(root)
    if not files:
        print("secrets: FAILED, there is no file to search; is this a clone of the repository?", flush=True)
        return False
    with tempfile.TemporaryDirectory() as folder:
        if not _finds_a_planted_one(root, Path(folder)):
            print("secrets: FAILED, a planted secret was not found", flush=True)
            return False
        parts = [files[start::AT_ONCE] for start in range(AT_ONCE)]
        searches = [_search(root, part, Path(folder) / f"{number}.json") for number, part in enumerate(parts)]
        outcomes = [(search.communicate()[0], search.returncode) for search in searches]
    if all(code in (0, MOVED) for _, code in outcomes):
        print(f"secrets: none in {len(files)} files (a planted one was found)", flush=True)
        return True
    print("".join(words for words, code in outcomes if code not in (0, MOVED)))
    print("secrets: FAILED. One that is made up goes into the baseline: docs/threat-model.md says how.", flush=True)
    return False


def _tracked(root: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607
    return [name for name in listed.stdout.split("\0") if name and not NOT_SEARCHED.search(name)]


def _finds_a_planted_one(root: Path, folder: Path) -> bool:
    planted = folder / "planted.py"
    planted.write_text(f'SLACK = "{"-".join(("xoxb", "123456789012", "123456789012", "a1B2" * 6))}"\n')
    search = _search(root, [str(planted)], folder / "planted.json")
    search.communicate()
    return search.returncode == FOUND


def _search(root: Path, files: Sequence[str], baseline: Path) -> subprocess.Popen[str]:
    """The hook writes into its baseline, so each search has a copy."""
    shutil.copy(root / BASELINE, baseline)
    command: Command = [TESTS.python, "-m", "detect_secrets.pre_commit_hook", "--baseline", baseline, *files]
    return subprocess.Popen(list(command), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def bills(root: Path) -> bool:
    """A CycloneDX bill of materials for each lock of what is delivered, in results/."""
    RESULTS.mkdir(exist_ok=True)
    made = {name: RESULTS / f"sbom-{name}.json" for name in MADE_OF}
    writing = [
        subprocess.Popen(
            [TESTS.python, "-m", "cyclonedx_py", "requirements", f"requirements/{name}.txt", "-o", bill], cwd=root
        )
        for name, bill in made.items()
    ]
    written = [process.wait() == 0 for process in writing]
    counts = {name: _count(bill, MADE_OF[name]) for name, bill in made.items()} if all(written) else {}
    if not counts or not all(counts.values()):
        print("bill of materials: FAILED", flush=True)
        return False
    said = ", ".join(f"{made[name].relative_to(ROOT)} ({count} components)" for name, count in counts.items())
    print(f"bill of materials: {said}", flush=True)
    return True


def _count(bill: Path, needed: str) -> int:
    """How many components a bill has; 0 where the one that must be there is missing."""
    names = [component["name"].lower() for component in json.loads(bill.read_text()).get("components", [])]
    return len(names) if needed in names else 0


def advisories(source: str) -> bool:
    """Nothing is known against what the locks pin, but for what was looked at and accepted with a reason."""
    accepted = Accepted.read(ACCEPTED)
    passed = True
    try:
        for lock in sorted((ROOT / "requirements").glob("*.in")):
            pins = pins_of(lock.with_suffix(".txt").read_text())
            known = advisories_against(pins, source)
            new = [each for each in known if not accepted.covers(lock.stem, each)]
            for each in new:
                print(f"advisories: {lock.stem}: {each.package} {each.version}: {each.id} {each.summary}")
            passed = passed and not new
            said = f"{len(pins)} releases, {len(known)} advisories, {len(new)} of them new"
            print(f"advisories: {lock.stem}: {said}", flush=True)
    except Unreachable as reason:
        print(f"advisories: NOT CHECKED, which is no pass: {reason}", flush=True)
        return True
    return passed
