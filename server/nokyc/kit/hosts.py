"""Hosts and ports as operators write them."""


def host_and_port(text: str, default_port: int) -> tuple[str, int]:
    """`host`, `host:port`, `[IPv6]` or `[IPv6]:port`. Raises ValueError if the port is not a number."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, int(rest.removeprefix(":")) if rest else default_port
    host, colon, port = text.partition(":")
    return host, int(port) if colon else default_port
