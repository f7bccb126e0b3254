"""The SMPP 3.4 carrier adapter."""

from nokyc.carriers.smpp.carrier import SmppCarrier
from nokyc.carriers.smpp.config import SmppConfig, Timers

__all__ = ["SmppCarrier", "SmppConfig", "Timers"]
