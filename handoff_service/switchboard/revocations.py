"""Which agents' tokens open nothing any more: by the token's digest, so that a new one of the same agent is good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import revoked_tokens
from handoff_service.switchboard import audit, staffing


def revoke(tx: Transaction, name: str, digest: str, operator: str) -> None:
    """From now on this token opens nothing, and nothing is assigned to its agent. A second time changes nothing."""
    if digest in revoked_since(tx):
        return
    values = {"digest": digest, "name": name, "revoked_at": tx.now, "revoked_by": operator}
    tx.connection.execute(insert(revoked_tokens).values(**values))
    staffing.count_as_away(tx, name)
    audit.record_of_operator(tx, operator, audit.Action.REVOKED, f"agent:{name}")


def restore(tx: Transaction, name: str, digest: str, operator: str) -> None:
    """The token is good again. Where it was not revoked, nothing changes."""
    if tx.connection.execute(delete(revoked_tokens).where(revoked_tokens.c.digest == digest)).rowcount:
        audit.record_of_operator(tx, operator, audit.Action.RESTORED, f"agent:{name}")


def revoked_since(tx: Transaction) -> dict[str, datetime]:
    """The digests of all revoked tokens, with the time."""
    query = select(revoked_tokens.c.digest, revoked_tokens.c.revoked_at)
    return {row.digest: row.revoked_at for row in tx.connection.execute(query)}
