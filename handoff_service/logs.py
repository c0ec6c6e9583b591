"""Logs: one JSON line per event, with fields and ids; never what somebody said, never a secret."""

from __future__ import annotations

import logging
import sys

import structlog

# They log URLs (with tokens), bodies, or each connection with its customer's address at INFO.
QUIET = (
    "httpx",
    "httpcore",
    "uvicorn.access",
    "uvicorn.error",
    "websockets",
    "telegram",
    "slack_sdk",
    "aiohttp.access",
    "sqlalchemy",
)


def configure_logs() -> None:
    """Once, at the start of the process; libraries' loggers included."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
