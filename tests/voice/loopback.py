"""ICE on loopback, which it leaves out by itself (RFC 8445, 5.1.1.1)."""

from collections.abc import Iterator
from contextlib import contextmanager

from aioice import ice


@contextmanager
def ice_on_loopback() -> Iterator[None]:
    """In the whole process, in place of the addresses of its interfaces."""
    before = ice.get_host_addresses
    ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"] if use_ipv4 else []
    yield
    ice.get_host_addresses = before
