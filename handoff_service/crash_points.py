"""Boundaries between two steps that a crash could tear apart, at which a test may end the process.

Inert: no setting, file or variable of the service arms them; only a test's own way of starting it calls `arm`.
Unarmed, a boundary costs one comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

Boundary = Literal["before commit", "after commit", "before ack", "after ack", "before call", "after call"]
Hook = Callable[[Boundary, object], None]

_hooks: Final[list[Hook]] = []


def arm(hook: Hook) -> None:
    """For tests: from now on this is called at every boundary, in whichever thread reaches it."""
    _hooks.append(hook)


def reached(boundary: Boundary, what: object) -> None:
    """The process is between two steps of `what`: a use-case, or the name of somebody who is called or answered."""
    if _hooks:
        for hook in _hooks:
            hook(boundary, what)
