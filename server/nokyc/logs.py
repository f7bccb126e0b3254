"""JSON lines on stderr: events and their fields, never bodies, numbers, secrets, or the values inside an error."""

import logging
import sys

import structlog


def set_up_logging() -> None:
    """One JSON object a line, for our own events and for libraries' warnings."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format='{"level":"%(levelname)s","event":"%(name)s"}', stream=sys.stderr)
