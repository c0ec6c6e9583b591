"""Erases a person, or what has outlived its period: first outside the database, which knows where, then in it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from handoff_service.privacy import outliving, outside, records
from handoff_service.privacy.outliving import Due
from handoff_service.privacy.records import Subject, Traces
from handoff_service.settings import Settings
from handoff_service.store.database import Transaction, empty_log, read_once, write_once
from handoff_service.switchboard import audit
from handoff_service.switchboard.audit import Action
from handoff_service.switchboard.files import Cabinet

ELSEWHERE = (
    "backups, until they are rotated out",
    "the operator's billing system, complaints included",
    "what trainers copied from judgement/verdicts.yml into data/",
    "on PostgreSQL, freed pages until VACUUM, and the write-ahead log until it is recycled",
)

Json = dict[str, Any]


def exported(settings: Settings, subject: Subject, operator: str) -> Json:
    """Everything kept of them; that it was handed out is written down first."""
    write_once(settings.database, _note_export, subject.target, operator)
    return read_once(settings.database, records.export, subject)


def _note_export(tx: Transaction, target: str, operator: str) -> None:
    audit.record_of_operator(tx, operator, Action.EXPORTED, target)


def held(settings: Settings, subject: Subject) -> list[str]:
    """The codes of what is open, with people or on file: nothing may be erased before. Raises `HoldsUnknown`."""
    if subject.held or not subject.conversations:
        return list(subject.held)
    found = outside.held_by_complaints(settings, [subject])
    return [code for codes in found.values() for code in codes]


def erase(settings: Settings, subject: Subject, operator: str) -> Json:
    """The receipt. Safe to run again where it was interrupted. Raises `NotForgotten` before anything was erased."""
    found = read_once(settings.database, records.traces, subject.conversations)
    gone = _outside(settings, subject.conversations, found)
    rows = write_once(settings.database, _erase, subject, operator)
    gone["assistant_memory"] += outside.forget(settings, subject.conversations)  # a turn may have run meanwhile
    return _receipt(settings, {**gone, "conversations": list(subject.conversations), "rows": rows}, found, subject)


def _erase(tx: Transaction, subject: Subject, operator: str) -> dict[str, int]:
    audit.record_of_operator(tx, operator, Action.ERASED, subject.target)
    return records.erase(tx, subject)


def _receipt(settings: Settings, gone: Json, found: Traces, subject: Subject) -> Json:
    slack = gone.pop("slack")
    return {
        "erased": {**gone, "slack_posts": slack.posts, "slack_files": slack.files},
        "log_emptied": empty_log(settings.database),
        "by_hand": {"slack": slack.by_hand, "search_slack_for": list(found.codes), "shared": list(subject.shared)},
        "not_covered": list(ELSEWHERE),
    }


def _outside(settings: Settings, conversation_ids: Sequence[str], found: Traces) -> Json:
    forgotten = outside.forget(settings, conversation_ids)
    slack = asyncio.run(outside.delete_posts(settings, found.threads))
    outside.drop_verdicts(settings)
    return {"assistant_memory": forgotten, "slack": slack, "files": _unlink(settings, found.files)}


def _unlink(settings: Settings, file_ids: Sequence[str]) -> int:
    cabinet = Cabinet(settings.data_dir / "files")
    for file_id in file_ids:
        cabinet.path(file_id).unlink(missing_ok=True)
    return len(file_ids)


def due(settings: Settings) -> Due:
    """What retention would take now, where the operator's system says which complaints are open; else what it might."""
    with contextlib.suppress(outside.HoldsUnknown):
        return _without_complaints(settings, _outlived(settings))
    return _outlived(settings)


def _outlived(settings: Settings) -> Due:
    return read_once(
        settings.database,
        outliving.due,
        settings.retention_conversations_days,
        settings.retention_files_days,
        settings.retention_inbox_days,
    )


def _without_complaints(settings: Settings, outlived: Due) -> Due:
    """Raises `HoldsUnknown`."""
    subjects = read_once(settings.database, records.who_wrote, outlived.conversations)
    held = outside.held_by_complaints(settings, subjects) if subjects else {}
    left = tuple(each for each in outlived.conversations if each not in held)
    return replace(outlived, conversations=left, complaints=len(held))


def retain(settings: Settings, operator: str) -> Json:
    """Take what is due, conversation by conversation; what is counted stays, under a name that leads to nobody.

    Raises `HoldsUnknown`, before anything was erased.
    """
    taken = _without_complaints(settings, _outlived(settings))
    by_hand: list[Json] = []
    for conversation_id in taken.conversations:
        found = read_once(settings.database, records.traces, [conversation_id])
        by_hand += _outside(settings, [conversation_id], found)["slack"].by_hand
        write_once(settings.database, _leave_figures, conversation_id, operator)
    _unlink(settings, taken.files)
    write_once(settings.database, outliving.drop_files, taken.files)
    write_once(settings.database, outliving.drop_inbox, settings.retention_inbox_days)
    told = {**asdict(taken), "conversations": len(taken.conversations), "files": len(taken.files)}
    return {"erased": told, "log_emptied": empty_log(settings.database), "by_hand": {"slack": by_hand}}


def _leave_figures(tx: Transaction, conversation_id: str, operator: str) -> None:
    audit.record_of_operator(tx, operator, Action.ERASED, f"conversation:{conversation_id}")
    outliving.leave_figures(tx, conversation_id)
