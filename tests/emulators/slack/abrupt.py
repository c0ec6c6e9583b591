"""Ending a TCP connection without a goodbye."""

from __future__ import annotations

import contextlib
import socket
import struct

from aiohttp import web


def reset(request: web.Request) -> None:
    """Send a reset in place of whatever would have come."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
