"""name-addr and addr-spec with their parameters (RFC 3261 20.10): From, To, Contact, Route, P-Asserted-Identity."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nokyc_voice.sip.grammar import (
    QUOTED,
    Params,
    SipSyntaxError,
    format_params,
    is_token,
    parse_params,
    quote,
    readable,
    split_list,
    unquote,
)
from nokyc_voice.sip.uri import check_uri

_BARE = re.compile(r'[^\s;,?<>"]+')


@dataclass(frozen=True, slots=True)
class Address:
    """A URI with a display name and the header's own parameters."""

    uri: str
    """As it stood on the wire, without brackets."""
    display: str = ""
    params: Params = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Address":
        """One value; SipSyntaxError if it is none."""
        text = text.strip()
        display = ""
        if match := QUOTED.match(text):
            display, rest = unquote(match[0]), text[match.end() :].lstrip()
            if not rest.startswith("<"):
                raise SipSyntaxError("a display name without <address>")
        else:
            words, bracket, rest = text.partition("<")
            rest = bracket + rest
            if bracket:
                display = " ".join(words.split())
                if not all(map(is_token, display.split())):
                    raise SipSyntaxError("malformed display name")
        if rest:
            uri, bracket, rest = rest[1:].partition(">")
            if not bracket:
                raise SipSyntaxError("unbalanced brackets")
        else:
            # Without brackets, everything after a semicolon belongs to the header (RFC 3261 20).
            bare = _BARE.match(text)
            if bare is None:
                raise SipSyntaxError("no address")
            uri, rest = bare[0], text[bare.end() :]
        check_uri(uri)
        return cls(uri, readable(display), parse_params(rest))

    @property
    def tag(self) -> str | None:
        return self.params.get("tag")

    def with_tag(self, tag: str) -> "Address":
        return replace(self, params={**self.params, "tag": tag})

    def __str__(self) -> str:
        display = f"{quote(self.display)} " if self.display else ""
        return f"{display}<{self.uri}>{format_params(self.params)}"


def parse_addresses(values: Iterable[str]) -> list[Address]:
    """All addresses of a header that lists them, over all its lines."""
    return [Address.parse(part) for value in values for part in split_list(value)]
