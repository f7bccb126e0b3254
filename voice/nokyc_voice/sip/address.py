"""name-addr and addr-spec with their parameters (RFC 3261 20.10): From, To, Contact, Route, P-Asserted-Identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """A URI with a display name and the header's own parameters."""

    uri: str
    """As it stood on the wire, without brackets."""
    display: str = ""
    params: Mapping[str, str | None] = field(default_factory=dict)
