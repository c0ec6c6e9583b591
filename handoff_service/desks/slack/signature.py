"""Whether a request is Slack's: its signature over the raw body, made within five minutes."""

from __future__ import annotations

import hashlib
import hmac

WINDOW = 300  # seconds


def is_slacks(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Compared in constant time; anything odd is a no."""
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > WINDOW:
        return False
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={digest}".encode(), signature.encode("utf-8", "replace"))
