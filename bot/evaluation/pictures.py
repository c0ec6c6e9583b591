"""The exam in two pictures: what is taken for what, and how sure the assistant is when it is right or wrong."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.figures import BINS, reliability
from bot.evaluation.sitting import OUT_OF_SCOPE, Reading

RIGHT, WRONG, FOREIGN, INK = "#2a7f8e", "#d1495b", "#edae49", "#22313f"


def draw(readings: Sequence[Reading], folder: Path) -> list[Path]:
    """Draw both pictures into the folder."""
    import matplotlib

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it warns of its own style files
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 9, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": "#9aa5b1"})
    drawn = []
    for name, picture in (("confusion.png", confusion_matrix(readings)), ("confidence.png", sureness(readings))):
        picture.savefig(folder / name, dpi=110)
        plt.close(picture)
        drawn.append(folder / name)
    return drawn


def confusion_matrix(readings: Sequence[Reading]) -> Any:
    """Rows: what the customer wants. Columns: what the assistant understands. Numbers are sentences."""
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    wanted = sorted({reading.asked.intent for reading in readings})
    names = wanted + sorted({reading.guess for reading in readings} - set(wanted))
    counts = np.zeros((len(wanted), len(names)), dtype=int)
    for reading in readings:
        counts[wanted.index(reading.asked.intent), names.index(reading.guess)] += 1
    shares = counts / counts.sum(axis=1, keepdims=True)
    is_wrong = np.arange(len(wanted))[:, None] != np.arange(len(names))[None, :]
    side = max(6.0, 0.3 * len(names) + 2.5)
    picture, axes = plt.subplots(figsize=(side + 0.5, side), layout="constrained")
    good = LinearSegmentedColormap.from_list("good", ["#ffffff", RIGHT])
    bad = LinearSegmentedColormap.from_list("bad", ["#ffffff", WRONG])
    axes.imshow(np.ma.masked_array(shares, is_wrong), cmap=good, vmin=0, vmax=1)
    axes.imshow(np.ma.masked_array(shares, ~is_wrong), cmap=bad, vmin=0, vmax=0.25)
    for row, column in zip(*np.nonzero(counts), strict=True):
        strength = shares[row, column] / (0.25 if is_wrong[row, column] else 1)
        colour = "#ffffff" if strength > 0.55 else INK
        axes.text(column, row, counts[row, column], ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(wanted)), wanted)
    axes.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(wanted) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#e8ecf0", linewidth=0.6)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("understood as")
    axes.set_ylabel("what the customer wants")
    axes.set_title(f"What is taken for what ({len(readings)} held-out sentences)", fontsize=12, pad=10)
    return picture


def sureness(readings: Sequence[Reading]) -> Any:
    """Left: how sure it is of what is right, wrong, and none of its business. Right: whether to believe that."""
    import matplotlib.pyplot as plt

    places = [["right", "belief"], ["wrong", "belief"], ["foreign", "belief"]]
    picture, axes = plt.subplot_mosaic(places, figsize=(11.5, 5.2), layout="constrained")
    ours = [reading for reading in readings if reading.asked.intent != OUT_OF_SCOPE]
    foreign = [reading for reading in readings if reading.asked.intent == OUT_OF_SCOPE and not reading.is_right]
    _histogram(axes["right"], [r.confidence for r in ours if r.is_right], "understood rightly", RIGHT)
    _histogram(axes["wrong"], [r.confidence for r in ours if not r.is_right], "understood wrongly", WRONG)
    _histogram(axes["foreign"], [r.confidence for r in foreign], "out of scope, but taken for a topic", FOREIGN)
    axes["foreign"].set_xlabel("how sure it is")
    _belief(axes["belief"], readings)
    for each in axes.values():
        each.spines[["top", "right"]].set_visible(False)
    return picture


def _histogram(axes: Any, confidences: Sequence[float], title: str, colour: str) -> None:
    axes.hist(confidences, bins=np.linspace(0, 1, 2 * BINS + 1).tolist(), color=colour, edgecolor="#ffffff")
    axes.set(xlim=(0, 1), ylabel="sentences")
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.set_title(f"{title}: {len(confidences)}", fontsize=10, loc="left")


def _belief(axes: Any, readings: Sequence[Reading]) -> None:
    bins = [within for within in reliability(readings) if within]
    axes.plot([0, 1], [0, 1], color="#9aa5b1", linestyle="--", linewidth=1, label="as sure as it is right")
    axes.plot([b.confidence for b in bins], [b.accuracy for b in bins], color=RIGHT, marker="o", label="measured")
    for within in bins:
        place = (within.confidence, within.accuracy)
        axes.annotate(f"{within.count}", place, (9, -9), textcoords="offset points", ha="center", fontsize=8)
    axes.set(
        xlabel="how sure it is", ylabel="how often it is right", xlim=(0, 1.04), ylim=(-0.04, 1.04), aspect="equal"
    )
    axes.set_title("Whether to believe it (numbers are sentences)", fontsize=10, loc="left")
    axes.legend(frameon=False, loc="upper left")
