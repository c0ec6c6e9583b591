"""Train a model if what it is made of has changed: ``python -m bot.train [--force]``."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bot.run import MODELS, prepare
from bot.seals import OURS, is_sealed, seal, seal_of

CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", "data"
MODELS_KEPT = 5
_CODE = Path(__file__).parent
# Folders of bot/ that judge models and training data and are no part of either.
_LOOKS_ON = {"evaluation", "validation"}


def sources() -> list[Path]:
    """All files that decide what the model is like."""
    trainers = [path for path in Path(DATA).rglob("*") if path.suffix in (".yml", ".yaml", ".txt")]
    ours = [path for path in _CODE.rglob("*.py") if path.parent.name not in _LOOKS_ON]
    return sorted([Path(CONFIG), Path(DOMAIN), *trainers, *ours])


def fingerprint(paths: Iterable[Path]) -> str:
    """A name for exactly this content of these files, wherever the project lies."""
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(_CODE.parent) if path.is_relative_to(_CODE) else path
        digest.update(name.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def model_for(name: str) -> Path:
    """Where the model with this fingerprint lies, or will."""
    return Path(MODELS) / f"relevo-{name}.tar.gz"


def train() -> None:
    """Train a model of what is in the files now, and make it the newest."""
    prepare()
    from rasa.model_training import train as train_with_rasa

    from bot.run import quieten

    quieten()
    name = fingerprint(sources())
    began = time.monotonic()
    print("Training a model from config.yml, domain.yml and data/ …", flush=True)
    result = train_with_rasa(DOMAIN, CONFIG, [DATA], output=MODELS, fixed_model_name=model_for(name).name)
    if result.model is None or not model_for(name).exists():
        raise SystemExit("The training gave no model; `make validate` says what is wrong with the training data.")
    _teach_the_judge(model_for(name))
    seal(model_for(name))
    model_for(name).touch()
    print(f"Trained {model_for(name)} in {time.monotonic() - began:.0f} s.")
    _drop_old_models()


def _teach_the_judge(model: Path) -> None:
    """When to call a person is learnt with the model that will be judged with, and kept in it."""
    from bot.teaching import teach

    try:
        teach(model)
    except Exception:
        model.unlink()  # half a model must not be loaded
        raise


def _drop_old_models() -> None:
    models = sorted(Path(MODELS).glob(OURS), key=lambda path: path.stat().st_mtime)
    for path in models[:-MODELS_KEPT]:
        path.unlink()
        seal_of(path).unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    """Train, or say why not."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    force = parser.parse_args(arguments).force
    model = model_for(fingerprint(sources()))
    if is_sealed(model) and not force:
        model.touch()  # the newest model is the one that is loaded
        print(f"The training data has not changed; {model} is up to date.")
        return 0
    train()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
