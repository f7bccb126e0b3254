"""The guard against server-side request forgery: addresses, spellings of addresses, URLs, names."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nokyc.http.guard import Resolver, UrlForbidden, UrlInvalid, admit, check_url, forbidden, resolve, split

BLOCKED = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
    *(
        "::/128",
        "::1/128",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2001:db8::/32",
    ),
    *("2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "192.0.1.0", "198.20.0.0", "2606:4700::1111"]


@pytest.mark.parametrize("network", BLOCKED)
def test_both_ends_of_every_network_are_forbidden(network: str) -> None:
    first, last = ip_network(network)[0], ip_network(network)[-1]

    assert forbidden(first)
    assert forbidden(str(last))


@pytest.mark.parametrize(
    "address",
    [
        # What `is_global` of one Python or another lets through.
        *("224.1.2.3", "233.252.0.16", "192.0.0.255", "192.88.99.3", "3fff::1", "2002:c000:204::1"),
        *("2002:c0a8:1::1", "64:ff9b::c0a8:0", "64:ff9b::808:808", "64:ff9b:1::1", "5f00::1", "ff02::1"),
        *("fec0::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::8.8.8.8", "169.254.169.254"),
        *("fe80::1%eth0", "::1%lo", "fd00:ec2::254", "4000::1", "a000::", "no address", "", "127.1"),
    ],
)
def test_the_ones_that_others_let_through(address: str) -> None:
    assert forbidden(address)


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:8.8.8.8"])
def test_public_addresses_pass(address: str) -> None:
    assert forbidden(address) is None


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
@example(ip_address("2001:4860:4860::8888"))
def test_whatever_passes_is_global_for_python_too(address: IPv4Address | IPv6Address) -> None:
    if forbidden(address) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_what_it_maps(address: IPv4Address) -> None:
    assert forbidden(f"::ffff:{address}") == forbidden(address)


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.COM/", "https://example.com/"),
        ("https://example.com:443/a%2fb?c=d&e[]=%zz", "https://example.com/a%2fb?c=d&e[]=%zz"),
        ("https://example.com?q", "https://example.com?q"),
        ("https://example.com./x", "https://example.com/x"),
        ("https://bücher.example/é?q=ü", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://134744072/", "https://8.8.8.8/"),
        ("https://[2606:4700:0:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://_hook.a-b.example.com/", "https://_hook.a-b.example.com/"),
    ],
)
def test_sound_urls(url: str, checked: str) -> None:
    assert check_url(url) == checked
    assert check_url(checked) == checked


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.com",
            "//example.com",
            "http://example.com/",
            "ftp://example.com/",
            "https://",
            "https:///x",
        ),
        *(
            "https://user@example.com/",
            "https://u:p@example.com/",
            "https://example.com/#top",
            "https://:443/",
        ),
        *(
            "https://exa mple.com/",
            "https://example.com/a b",
            "https://example.com\\@evil.com/",
            "https://a.b\t/",
        ),
        *(
            "https://example.com/\r\nX: y",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://a.b:x/",
        ),
        *(
            "https://exa%6dple.com/",
            "https://-a.com/",
            "https://a..com/",
            "https://1.2.3.4.5/",
            "https://256.1.1.1/",
        ),
        *("https://0x/", "https://1.2.3.09/", "https://[::1/", "https://[::g]/", "https://[1.2.3.4]/"),
        *(
            "https://a\u200d.com/",
            "https://ex\ud800.com/",
            "https://" + "a" * 64 + ".com/",
            "https://xn--.com\x00/",
        ),
        *(
            "https://a.com/" + "a" * 2048,
            "https://" + "a." * 130 + "com/",
            "javascript:alert(1)",
            "https:a.com",
        ),
    ],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(UrlInvalid):
        check_url(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0x7f000001", "0", "127.0.0.1."),
        *("①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "10.0.0.1", "169.254.169.254", "[::1]", "[::]"),
        *("[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *(
            "[fe80::1%25eth0]",
            "[fec0::1]",
            "[2001:0:1::1]",
            "localhost",
            "localhost.",
            "LOCALHOST",
            "intranet",
        ),
        *("printer.local", "metadata.google.internal", "a.localhost", "router.home.arpa", "x.onion"),
    ],
)
def test_private_hosts_in_any_spelling(host: str) -> None:
    with pytest.raises(UrlForbidden):
        check_url(f"https://{host}/")


@pytest.mark.parametrize("port", [1, 22, 80, 8443, 65_535])
def test_ports_outside_the_list(port: int) -> None:
    with pytest.raises(UrlForbidden):
        check_url(f"https://example.com:{port}/")
    assert check_url(f"https://example.com:{port}/", ports={port}) == f"https://example.com:{port}/"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/hook", "http://localhost/", "https://[::1]:1/x", "http://intranet:22"]
)
def test_development_admits_private_hosts_http_and_ports(url: str) -> None:
    assert check_url(url, allow_private=True) == url


def test_development_still_wants_a_sound_url() -> None:
    for url in ("http://u@localhost/", "http://localhost/#x", "ftp://localhost/", "http://local host/"):
        with pytest.raises(UrlInvalid):
            check_url(url, allow_private=True)


@given(st.text(min_size=0, max_size=60), st.booleans())
def test_any_text_is_checked_or_refused_and_a_checked_url_stays(text: str, private: bool) -> None:
    try:
        checked = check_url("https://" + text, allow_private=private)
    except (UrlInvalid, UrlForbidden):
        return
    assert checked.isascii()
    assert checked.isprintable()
    assert check_url(checked, allow_private=private) == checked
    assert split(checked)[0] == "https"


def answering(*addresses: str) -> Resolver:
    async def look_up(host: str, port: int) -> Sequence[str]:
        if not addresses:
            raise OSError("no such name")
        return addresses

    return look_up


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(UrlForbidden):
        await resolve("example.com", 443, resolver=answering("8.8.8.8", "10.0.0.1"))


async def test_public_addresses_and_no_address() -> None:
    found = await resolve("example.com", 443, resolver=answering("8.8.8.8", "2606:4700::1"))

    assert found == [ip_address("8.8.8.8"), ip_address("2606:4700::1")]
    with pytest.raises(OSError, match="no such name"):
        await resolve("example.com", 443, resolver=answering())


async def test_the_system_resolver_is_asked_for_numbers() -> None:
    assert ip_address("127.0.0.1") in await resolve("127.0.0.1", 443, allow_private=True)


async def test_registration_refuses_a_private_name_and_admits_one_that_does_not_resolve_yet() -> None:
    url = "https://hooks.example.com/a"

    with pytest.raises(UrlForbidden):
        await admit(url, resolver=answering("192.168.1.1"))
    assert await admit(url, resolver=answering()) == url
    assert await admit(url, resolver=answering("1.1.1.1")) == url
    assert await admit("http://localhost/", allow_private=True) == "http://localhost/"
