"""Python packages that only engines need: imported when an engine is used, never before."""

import importlib
from typing import Any

from nokyc.speech.port import SpeechUnavailable

INSTALL = "run `nokyc speech install`"


def require(module: str, engine: str) -> Any:
    """The module, or SpeechUnavailable with the cure."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SpeechUnavailable(engine, f"the package {error.name or module} is missing: {INSTALL}") from None
