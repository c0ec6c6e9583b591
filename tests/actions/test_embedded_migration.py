"""A file of an earlier version becomes one of today's, with everything that customers filed."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from actions.backend.cases import DirectDebit, ExtraData
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.interface import BackendUnavailableError
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.backend.sqlite.schema import SCHEMA_VERSION

TODAY = date(2026, 11, 22)
# The first version, as it was; of the told tables two stand for all.
FIRST_VERSION = """
CREATE TABLE told (as_of TEXT NOT NULL);
INSERT INTO told VALUES ('2026-11-22');
CREATE TABLE customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, locale TEXT NOT NULL, phone TEXT NOT NULL UNIQUE,
    postcode TEXT NOT NULL, next_bill_on TEXT NOT NULL
);
INSERT INTO customers VALUES ('C-1001', 'Lucía Navarro', 'es', '+34600001001', '28013', '2026-12-01');
CREATE TABLE complaints (
    code TEXT PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, customer_id TEXT, conversation_id TEXT NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
    filed_on TEXT NOT NULL, answer_by TEXT NOT NULL
);
CREATE INDEX complaints_of_customer ON complaints (customer_id);
CREATE INDEX complaints_in_conversation ON complaints (conversation_id);
INSERT INTO complaints VALUES
    ('R-ABC234', 'turn-1:x', 'C-1001', 'c-1', 'general', 'received', 'No vino nadie', 'es', '2026-11-20', '2026-12-11');
PRAGMA user_version = 1;
"""


def backend_at(path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(path, ComplaintTerms(), lambda: TODAY)


def test_a_file_of_the_first_version_keeps_its_complaints_and_can_take_requests(tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(FIRST_VERSION)
    backend = backend_at(path)
    assert [complaint.code for complaint in backend.complaints("C-1001", "")] == ["R-ABC234"]
    assert len(backend.bills("C-1001")) == 12
    case = backend.add_data("C-1001", ExtraData("C-1001-1", "datos-1"), "key-1")
    assert {case.code, "R-ABC234"} == {found.code for found in backend_at(path).cases("C-1001", "")}
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(FIRST_VERSION)
        connection.execute("CREATE TABLE requests (something TEXT)")
    for _ in range(2):
        with pytest.raises(BackendUnavailableError):
            backend_at(path).check()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM customers").fetchone() == (1,)


def test_no_bank_account_lies_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    backend_at(path).set_direct_debit("C-1001", DirectDebit("ES91 2100 0418 4502 0005 1332"), "key-1")
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"1332" in content
    assert b"0418" not in content
