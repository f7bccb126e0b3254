"""`nokyc speech endpoint` and `nokyc speech voice`: OpenAI-compatible servers, and voices that accounts have there."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from nokyc.cli import context
from nokyc.store.store import Store

KEY_VARIABLE = "NOKYC_SPEECH_KEY"
MAX_KEY_CHARS = 4_096
SHOWN = 4
"""Letters of a key that are shown, the last ones."""

endpoint = App(name="endpoint", help="Engines behind an OpenAI-compatible server; running processes take changes up.")
voice = App(name="voice", help="Voices that were made for an account, spoken by an endpoint.")


@endpoint.command(name="set")
def set_endpoint(
    name: str,
    /,
    *,
    base_url: str | None = None,
    stt_model: str | None = None,
    tts_model: str | None = None,
    chat_model: str | None = None,
    voice: Annotated[list[str] | None, Parameter(negative="")] = None,
    tts_rate_hz: int | None = None,
    timeout_sec: float | None = None,
    concurrency: int | None = None,
    key_file: Path | None = None,
    key_stdin: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Add an endpoint, or change one: what is not given stays as it is. An empty model is one that is not used.

    The key is read from --key-file, from standard input (--key-stdin) or from NOKYC_SPEECH_KEY, never from the command
    line, which everybody on the machine can see; it is kept sealed.

    Args:
        name: Ours for it: small letters, digits, - and _.
        base_url: Up to and including the version, such as https://api.example.com/v1.
        stt_model: What hears.
        tts_model: What speaks.
        chat_model: What talks, translates and sums up.
        voice: One of our voices and the endpoint's name for it, as in warm_en=alloy; may be repeated.
        tts_rate_hz: Of its raw PCM; 24000 by default.
        timeout_sec: For one request; 30 by default.
        concurrency: Requests under way; 8 by default.
        key_file: A file that holds the key alone.
        key_stdin: Read the key from standard input.
    """
    from nokyc.resources.speech import actions

    given = {
        "base_url": base_url, "stt_model": stt_model, "tts_model": tts_model, "chat_model": chat_model,
        "tts_rate_hz": tts_rate_hz, "timeout_sec": timeout_sec, "concurrency": concurrency,
        "voices": None if voice is None else dict(map(_pair, voice)), "api_key": _key(key_file, key_stdin),
    }  # fmt: skip
    changes = {field: value for field, value in given.items() if value is not None}

    async def work(store: Store) -> dict[str, Any]:
        before = await _find(store, name)
        if before is None and "base_url" not in changes:
            raise context.UsageError("a new endpoint needs --base-url")
        config = (before or {}) | changes
        await store.run(lambda unit: actions.set_endpoint(unit, name, config))
        return config

    shown = _show(name, context.run(work, fresh=True))
    context.answer(shown, f"{name} is set. Prove it: `nokyc speech endpoint test {name}`.")


@endpoint.command(name="list")
def list_endpoints() -> None:
    """Every endpoint, in the order in which they are asked; keys are masked."""
    from nokyc.resources.speech import queries

    async def work(store: Store) -> list[dict[str, Any]]:
        async with store.reading() as connection:
            return [_show(name, config) for name, config in await queries.endpoints(connection, store.vault.open)]

    shown = context.run(work)
    header = ("ENDPOINT", "URL", "KEY", "HEARS", "SPEAKS", "TALKS")
    rows = [
        (each["name"], each["base_url"], each["api_key"] or "", each["stt_model"] or "", each["tts_model"] or "",
         each["chat_model"] or "")
        for each in shown
    ]  # fmt: skip
    context.answer(shown, *context.table(header, rows, empty="There are no endpoints."))


@endpoint.command(name="test")
def test_endpoint(name: str, /) -> None:
    """Ask an endpoint for each thing that it has a model for, and say what came back; exit 1 if one fails.

    Args:
        name: The endpoint's name.
    """

    from nokyc.engines import probe_endpoint

    async def work(store: Store) -> list[Any]:
        config = await _find(store, name)
        if config is None:
            context.refuse(f"there is no speech endpoint {name!r}")
        return await probe_endpoint(config)

    checks = [asdict(each) for each in context.run(work)]
    lines = [f"{each['does']}: {each['detail']}" for each in checks if each["ok"]]
    context.answer(checks, *lines)
    failed = [f"{each['does']}: {each['detail']}" for each in checks if not each["ok"]]
    if failed:
        context.refuse("; ".join(failed))


@endpoint.command(name="remove")
def remove_endpoint(name: str, /) -> None:
    """Forget an endpoint, its key, and the voices that it speaks with.

    Args:
        name: The endpoint's name.
    """
    from nokyc.resources.speech import actions

    context.run(lambda store: store.run(lambda unit: actions.remove_endpoint(unit, name)))
    context.answer({"name": name, "removed": True}, f"{name} is removed.")


@voice.command(name="add")
def add_voice(account: str, endpoint: str, voice: str, /) -> None:
    """Give an account a voice of its own: `voice_…`, in the live account and in its sandbox.

    Args:
        account: The account's id.
        endpoint: Who speaks it.
        voice: The endpoint's name for it.
    """
    from nokyc.kit import ids
    from nokyc.resources.speech import actions

    account_id = ids.read("acct", account)
    if account_id is None:
        raise context.UsageError(f"{account!r} is no account id")

    voice_id = context.run(lambda store: store.run(lambda unit: actions.add_voice(unit, account_id, endpoint, voice)))
    shown = ids.show("voice", voice_id)
    made = {"id": shown, "account_id": account, "endpoint": endpoint, "voice": voice}
    context.answer(made, f"{shown} is {account}'s. It goes wherever a voice goes.")


@voice.command(name="list")
def list_voices() -> None:
    """Every account's own voices."""
    from nokyc.kit import ids
    from nokyc.resources.speech import queries

    async def work(store: Store) -> list[Any]:
        async with store.reading() as connection:
            return await queries.list_voices(connection)

    shown = [
        {"id": ids.show("voice", row["id"]), "account_id": ids.show("acct", row["account_id"]),
         "endpoint": row["endpoint"], "voice": row["voice"]}
        for row in context.run(work)
    ]  # fmt: skip
    rows = [tuple(each.values()) for each in shown]
    context.answer(shown, *context.table(("VOICE", "ACCOUNT", "ENDPOINT", "THERE"), rows, empty="There are none."))


@voice.command(name="remove")
def remove_voice(shown: str, /) -> None:
    """Take a voice away; callers of what was set to it hear the shipped prompts, until another is set.

    Args:
        shown: The voice's id.
    """
    from nokyc.resources.speech import actions

    context.run(lambda store: store.run(lambda unit: actions.remove_voice(unit, shown)))
    context.answer({"id": shown, "removed": True}, f"{shown} is removed.")


async def _find(store: Store, name: str) -> dict[str, Any] | None:
    from nokyc.resources.speech import queries

    async with store.reading() as connection:
        return await queries.find_endpoint(connection, name=name, unseal=store.vault.open)


def _show(name: str, config: dict[str, Any]) -> dict[str, Any]:
    """An endpoint with its key masked."""
    key = config.get("api_key", "")
    return {
        "name": name,
        "base_url": config["base_url"],
        "api_key": f"…{key[-SHOWN:]}" if len(key) > 2 * SHOWN else "…" if key else None,
        "stt_model": config.get("stt_model") or None,
        "tts_model": config.get("tts_model") or None,
        "chat_model": config.get("chat_model") or None,
        "voices": config.get("voices", {}),
    }


def _key(path: Path | None, from_stdin: bool) -> str | None:
    """The key, if one is given."""
    if path is not None and from_stdin:
        raise context.UsageError("--key-file and --key-stdin exclude each other")
    if path is not None:
        key = path.read_text("utf-8")
    elif from_stdin:
        key = sys.stdin.read(MAX_KEY_CHARS + 1)
    else:
        key = os.environ.get(KEY_VARIABLE, "")
    key = key.strip()
    if len(key) > MAX_KEY_CHARS or not key.isprintable():
        raise context.UsageError("this is no key")
    return key or None


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        raise context.UsageError(f"{text!r} is not like warm_en=alloy")
    return ours, theirs
