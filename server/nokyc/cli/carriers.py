"""`nokyc carriers`: the companies that take our traffic, and whether their links are up."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from nokyc.cli import context
from nokyc.cli.values import Secret
from nokyc.kit.clock import format_instant
from nokyc.resources.carriers.actions import NAME
from nokyc.resources.operator import queries
from nokyc.settings import read_settings
from nokyc.store.store import Store

MAX_PORT = 65_535

app = App(name="carriers")
add = App(name="add", help="Connect a carrier; running workers take it up within a second.")
app.command(add)


@add.command
def smpp(
    name: str,
    /,
    *,
    host: str,
    port: int,
    system_id: str,
    password: Secret,
    window: int | None = None,
    tps: float | None = None,
    binds: int | None = None,
    bind: Literal["transceiver", "transmitter_receiver"] | None = None,
    system_type: str | None = None,
    tls: Annotated[bool, Parameter(negative="")] = False,
    config: Path | None = None,
) -> None:
    """An SMPP 3.4 bind.

    Args:
        name: Ours for this carrier: small letters, digits, - and _.
        host: The SMSC.
        port: Its port.
        system_id: Our name there.
        password: Our password there.
        window: Unanswered submissions per bind; 10 by default.
        tps: Submissions a second that the contract allows.
        binds: Binds at the same time; 1 by default.
        bind: One transceiver, or a transmitter and a receiver.
        system_type: As the carrier asks for it.
        tls: Speak TLS.
        config: JSON file with further settings (docs/operating/carriers.md); options win.
    """
    from nokyc.carriers.smpp.config import SmppConfig

    given = {"window": window, "tps": tps, "binds": binds, "bind": bind, "system_type": system_type, "tls": tls or None}
    values = {"name": _checked(name), "host": host, "port": _port(port), "system_id": system_id, "password": password}
    _add(name, "smpp", SmppConfig.from_json(_file(config) | values | _present(given)).to_json())


@add.command
def http(
    name: str,
    /,
    *,
    preset: Literal["twilio", "telnyx", "generic"],
    account: str | None = None,
    username: str | None = None,
    password: Secret | None = None,
    signing_key: str | None = None,
    profile: str | None = None,
    base_url: str | None = None,
    callback_url: str | None = None,
    window: int | None = None,
    tps: float | None = None,
    config: Path | None = None,
) -> None:
    """An HTTP carrier: Twilio or compatible, Telnyx, or any other by a template.

    Args:
        name: Ours for this carrier: small letters, digits, - and _.
        preset: Which API it has; generic takes its words from --config.
        account: Twilio: the account SID.
        username: Twilio: an API key's SID, if not the account.
        password: Twilio: the auth token or API secret. Telnyx: the API key.
        signing_key: What proves the carrier's reports. Telnyx: its public key.
        profile: Messaging service or profile, if the carrier shall choose by it.
        base_url: Where its API is, if not at the preset's public address.
        callback_url: Where it reaches us; PUBLIC_URL/carriers/NAME if that is https.
        window: Requests at the same time; 10 by default.
        tps: Submissions a second that the contract allows.
        config: JSON file with further settings, such as template (docs/operating/carriers.md); options win.
    """
    from nokyc.carriers.http.config import HttpConfig
    from nokyc.carriers.http.presets import open_preset

    given = {
        "account": account, "username": username, "password": password, "signing_key": signing_key,
        "profile": profile, "base_url": base_url, "callback_url": callback_url, "window": window, "tps": tps,
    }  # fmt: skip
    public_url = context.public_url()
    reached = {"callback_url": f"{public_url}/carriers/{name}"} if public_url.startswith("https:") else {}
    values = {"name": _checked(name), "preset": preset}
    checked = HttpConfig.from_json(reached | _file(config) | values | _present(given))
    open_preset(checked)
    _add(name, "http", checked.to_json())


@add.command
def sip(
    name: str,
    /,
    *,
    host: str,
    port: int | None = None,
    username: str | None = None,
    password: Secret | None = None,
    register: Annotated[bool, Parameter(negative="")] = False,
    transport: Literal["udp", "tcp", "tls"] | None = None,
    srtp: Annotated[bool, Parameter(negative="")] = False,
    target: list[str] | None = None,
    allow: list[str] | None = None,
    config: Path | None = None,
) -> None:
    """A SIP trunk.

    Args:
        name: Ours for this carrier: small letters, digits, - and _.
        host: The carrier's SIP server.
        port: Its port; 5060 by default.
        username: For digest authentication.
        password: For digest authentication.
        register: Register with the carrier, so that its calls find us.
        transport: What SIP travels over; udp by default.
        srtp: Insist on encrypted audio.
        target: Another server (host or host:port) for when the ones before do not answer; may be repeated.
        allow: A further address or network that its calls come from; may be repeated.
        config: JSON file with further settings (docs/operating/carriers.md); options win.
    """
    from nokyc.carriers.sip.config import SipConfig

    if register and not username:
        raise context.UsageError("--register needs --username and --password")
    if (username is None) != (password is None):
        raise context.UsageError("--username and --password belong together")
    given = {
        "port": None if port is None else _port(port), "username": username, "password": password,
        "register": register or None, "transport": transport, "srtp": srtp or None, "targets": target, "allow": allow,
    }  # fmt: skip
    values = {"name": _checked(name), "host": host}
    _add(name, "sip", SipConfig.from_json(_file(config) | values | _present(given)).to_json())


@app.command(name="list")
def list_carriers() -> None:
    """Every carrier with the state of its links, as the workers see them."""

    async def work(store: Store) -> tuple[list[Any], list[Any]]:
        async with store.reading() as connection:
            return await queries.carriers(connection), await queries.links(connection, store.clock.now())

    carriers, links = context.run(work)
    named = [("simulated", "simulated"), *((row["name"], row["kind"]) for row in carriers)]
    shown = [
        {"name": name, "kind": kind, "links": [_show_link(link) for link in links if link["carrier"] == name]}
        for name, kind in named
    ]
    header = ("CARRIER", "KIND", "LINK", "STATE", "DETAIL")
    cells = []
    for carrier in shown:
        for link in carrier["links"]:
            state = "up" if link["up"] else "down"
            cells.append((carrier["name"], carrier["kind"], link["name"], state, link["detail"]))
        if not carrier["links"]:
            cells.append((carrier["name"], carrier["kind"], "", "unknown", "no running worker has it"))
    context.answer(shown, *context.table(header, cells, empty=""))


@app.command
def test(name: str, /) -> None:
    """Ask a carrier something harmless, from this machine, and say what came back; exit 1 if it is not reached.

    Args:
        name: The carrier's name.
    """
    state = context.run(lambda store: _probe(store, name))
    context.answer([state], *([f"{name}: {state['detail']}"] if state["up"] else []))
    if not state["up"]:
        context.refuse(f"{name}: {state['detail']}")


@app.command
def remove(name: str, /) -> None:
    """Disconnect a carrier and drop its routes; what waits for it goes another way or expires.

    Args:
        name: The carrier's name.
    """
    from nokyc.resources.carriers import actions

    context.run(lambda store: store.run(lambda unit: actions.remove_carrier(unit, name)))
    context.answer({"name": name, "removed": True}, f"{name} is removed, and its routes with it.")


def _add(name: str, kind: str, config: dict[str, Any]) -> None:
    from nokyc.resources.carriers import actions

    context.run(lambda store: store.run(lambda unit: actions.add_carrier(unit, name, kind, config)), fresh=True)
    way = "voice" if kind == "sip" else "sms"
    context.answer(
        {"name": name, "kind": kind},
        f"{name} ({kind}) is added. Prove it: `nokyc carriers test {name}`.",
        f"Send everything there: `nokyc routes add default {name} --{way}`.",
    )


async def _probe(store: Store, name: str) -> dict[str, Any]:
    from nokyc.carriers.simulated.carrier import NAME as SIMULATED
    from nokyc.resources.carriers.actions import configured

    if name == SIMULATED:
        return {"name": name, "up": True, "detail": "always up: it is a part of every worker"}
    async with store.reading() as connection:
        carriers = {one: (kind, config) for one, kind, config in await configured(connection, store.vault.open)}
    if name not in carriers:
        context.refuse(f"there is no carrier {name!r}")
    return await _ask(name, *carriers[name])


async def _ask(name: str, kind: str, config: dict[str, Any]) -> dict[str, Any]:
    from nokyc import main
    from nokyc.http.outbound import OutboundClient

    settings = read_settings()
    client = OutboundClient(allow_private=settings.webhook_allow_private)
    try:
        up, detail = await main.probe_carrier(kind, config, client, sip=settings.sip)
    finally:
        await client.close()
    return {"name": name, "up": up, "detail": detail}


def _show_link(row: Any) -> dict[str, Any]:
    return {
        "name": row["name"],
        "up": row["up"],
        "detail": row["detail"],
        "counters": row["counters"],
        "worker": row["worker"],
        "seen_at": format_instant(row["seen_at"]),
    }


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise context.UsageError(f"{name!r} is no name for a carrier: up to 32 of a-z, 0-9, - and _")
    return name


def _port(port: int) -> int:
    if not 1 <= port <= MAX_PORT:
        raise context.UsageError(f"{port} is not a port")
    return port


def _file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        values = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON: {error}") from None
    if not isinstance(values, dict):
        raise ValueError(f"{path} must hold a JSON object")
    return values


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
