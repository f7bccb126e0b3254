"""From a configuration to the foreign protocol that it names."""

from collections.abc import Callable, Mapping

from nokyc.carriers.http.config import HttpConfig, PresetName
from nokyc.carriers.http.generic import Generic
from nokyc.carriers.http.protocol import Preset
from nokyc.carriers.http.telnyx import Telnyx
from nokyc.carriers.http.twilio import Twilio

PRESETS: Mapping[PresetName, Callable[[HttpConfig], Preset]] = {
    "generic": Generic,
    "twilio": Twilio,
    "telnyx": Telnyx,
}


def open_preset(config: HttpConfig) -> Preset:
    """ValueError if the configuration lacks what this protocol needs. Does no I/O."""
    return PRESETS[config.preset](config)
