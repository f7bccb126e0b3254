"""`nokyc doctor`: is everything as it should be? Every finding comes with its cure."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from nokyc.cli import context
from nokyc.kit.clock import SystemClock
from nokyc.resources.carriers.links import NEWS
from nokyc.settings import Settings, read_settings
from nokyc.store.store import Connection

if TYPE_CHECKING:
    from nokyc.store.vault import Vault

OLDEST_POSTGRES = 15
FREE_BYTES = 1_000_000_000
FREE_FRACTION = 0.05
CLOCK_TOLERANCE_SEC = 2.0
OVERDUE_SEC = 60
HTTP_TIMEOUT_SEC = 5.0
PROBE = "probe/doctor.txt"
"""The key of a file that is made and deleted again."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `cure` says what is wrong, or optional and missing, and what to do; else None."""

    name: str
    ok: bool
    cure: str | None


def doctor() -> None:
    """Check database, workers, carriers, webhooks and money; exit 1 if something needs a cure."""
    settings = read_settings()
    checks = _examine(settings)
    failed = [check for check in checks if not check.ok]
    hints = {check.name: f" (optional; {check.cure})" for check in checks if check.ok and check.cure}
    lines = [f"{'ok  ' if check.ok else 'FAIL'}  {check.name}{hints.get(check.name, '')}" for check in checks]
    cures = [f"{check.name}: {check.cure}" for check in failed]
    context.answer({"checks": [asdict(check) for check in checks]}, *lines, *([""] if cures else []), *cures)
    if failed:
        context.refuse(f"{len(failed)} of {len(checks)} checks failed")


def _examine(settings: Settings) -> list[Check]:
    from nokyc.store.postgres import EmbeddedPostgres

    checks = [_disk(settings), *_speech(settings)]
    if settings.database_url is None and not (EmbeddedPostgres(settings.data_dir).data / "PG_VERSION").exists():
        cure = (
            f"There is none in {settings.data_dir}: start `nokyc serve`, or say where it is (--data-dir, DATABASE_URL)."
        )
        return [*checks, Check("database", False, cure)]
    try:
        with context.database() as (dsn, _):
            checks += asyncio.run(_examine_database(dsn, settings))
    except Exception as error:
        reason = context.reason(error)
        if reason is None:
            raise
        cure = f"{reason}. Check DATABASE_URL, or the data folder {settings.data_dir}."
        checks.append(Check("database", False, " ".join(cure.split())))
    return checks


def _disk(settings: Settings) -> Check:
    folder = next(path for path in [settings.data_dir, *settings.data_dir.parents] if path.exists())
    usage = shutil.disk_usage(folder)
    cure = f"{usage.free / 1e9:.1f} GB are free in {folder}: make room, or move the data folder to a larger disk."
    return _check("disk", usage.free >= FREE_BYTES and usage.free >= FREE_FRACTION * usage.total, cure)


def _speech(settings: Settings) -> list[Check]:
    """Engines are optional: one that is missing is told, and only one that is damaged needs a cure."""
    from nokyc.speech.states import engine_states

    return [
        Check(
            f"speech: {state.name}",
            not state.detail.endswith("damaged"),
            None if state.ok else f"{state.detail}: {state.cure}.",
        )
        for state in engine_states(settings.data_dir)
    ]


async def _examine_database(dsn: str, settings: Settings) -> list[Check]:
    connection = await context.connect(dsn)
    try:
        version = connection.get_server_version()
        old = f"This is PostgreSQL {version.major}; use {OLDEST_POSTGRES} or newer."
        checks = [
            _check("database", version.major >= OLDEST_POSTGRES, old),
            await _clock(connection),
            await _schema(connection),
        ]
        if all(check.ok for check in checks):  # otherwise the tables may not be there
            for examine in EXAMINATIONS:
                checks += await examine(connection, settings)
        return checks
    finally:
        await connection.close()


async def _clock(connection: Connection) -> Check:
    before = SystemClock().now()
    database: datetime = await connection.fetchval("SELECT clock_timestamp()")
    after = SystemClock().now()
    apart = max((before - database).total_seconds(), (database - after).total_seconds())
    cure = f"The clocks of this machine and of the database are {apart:.1f} s apart: run an NTP client on both."
    return _check("clock", apart <= CLOCK_TOLERANCE_SEC, cure)


async def _schema(connection: Connection) -> Check:
    installed = {entry.name for entry in (files("nokyc") / "migrations").iterdir() if entry.name.endswith(".sql")}
    applied: set[str] = set()
    if await context.has_schema(connection):
        rows = await connection.fetch("SELECT name FROM schema_migrations WHERE name NOT LIKE 'functions/%'")
        applied = {row["name"] for row in rows}
    if applied - installed:
        return Check("schema", False, f"The database is newer than this program: it has {max(applied)}. Update nokyc.")
    missing = len(installed - applied)
    return _check("schema", not missing, f"{missing} migrations are missing: run `nokyc migrate`.")


async def _secret_key(connection: Connection, settings: Settings) -> list[Check]:
    try:
        await _vault(connection, settings)
    except context.RefusalError as refused:
        return [Check("secret key", False, str(refused))]
    return [Check("secret key", True, None)]


async def _vault(connection: Connection, settings: Settings) -> "Vault":
    """Never makes a key. Raises RefusalError with the cure if there is none that opens this database."""
    from nokyc.store.vault import Vault, WrongKeyError, check_key, read_key

    path = settings.data_dir / "secret.key"
    if settings.secret_key is None and not path.exists():
        context.refuse(f"{path} is missing: bring it back from its backup, or set NOKYC_SECRET_KEY.")
    try:
        vault = Vault(read_key(settings.data_dir, settings.secret_key))
        await check_key(connection, vault)
    except (WrongKeyError, ValueError) as error:
        context.refuse(str(error))
    return vault


async def _server(connection: Connection, _: Settings) -> list[Check]:
    """Workers, and the API if a server runs at all."""
    workers = await connection.fetchval(
        "SELECT count(DISTINCT worker) FROM links WHERE seen_at > now() - $1::interval", NEWS
    )
    cure = f"No worker has reported for {NEWS.seconds} s, so nothing is sent: start `nokyc serve` (or `nokyc worker`)."
    checks = [_check("workers", workers > 0, cure)]
    if workers:
        checks.append(await asyncio.to_thread(_api))
    return checks


def _api() -> Check:
    from nokyc.cli.client import ApiRefusalError, send

    url = f"{context.public_url()}/readyz"
    try:
        status, _ = send("GET", url, None, {}, timeout_sec=HTTP_TIMEOUT_SEC)
        problem = f"{url} answers {status}"
    except (ApiRefusalError, ValueError) as error:
        status, problem = 0, str(error)
    cure = f"{problem}: start `nokyc serve` (or `nokyc api`), and set PUBLIC_URL to the address that customers use."
    return _check("api", status == 200, cure)


async def _carriers(connection: Connection, _: Settings) -> list[Check]:
    """Every carrier and trunk that a process should have a link to, and the routes."""
    rows = await connection.fetch(
        "SELECT c.name, c.kind, coalesce(bool_or(l.up), false) AS up, max(l.detail) FILTER (WHERE NOT l.up) AS detail"
        " FROM carriers c LEFT JOIN links l ON l.carrier = c.name"
        "   AND l.seen_at > now() - $1::interval"
        " GROUP BY c.name, c.kind, c.created_at ORDER BY c.created_at",
        NEWS,
    )
    checks = [
        _check(
            f"{'trunk' if row['kind'] == 'sip' else 'carrier'} {row['name']}",
            row["up"],
            f"{row['detail'] or _nobody(row['kind'])}: run `nokyc carriers test {row['name']}`,"
            " then mend its settings or ask the carrier.",
        )
        for row in rows
    ]
    routes = await connection.fetchval("SELECT count(*) FROM routes WHERE sms")
    cure = "No route takes SMS, so every message is refused: `nokyc routes add default CARRIER --sms`."
    checks.append(_check("routes", routes > 0, cure))
    if any(row["kind"] == "sip" for row in rows):
        routes = await connection.fetchval("SELECT count(*) FROM routes WHERE voice")
        cure = "No route takes calls, so every call is refused: `nokyc routes add default TRUNK --voice`."
        checks.append(_check("voice routes", routes > 0, cure))
    return checks


def _nobody(kind: str) -> str:
    return "no voice process has it" if kind == "sip" else "no worker has a link to it"


async def _files(_: Connection, settings: Settings) -> list[Check]:
    """What is put among the files comes back."""
    from nokyc.store.files import FilesAwayError, open_files

    try:
        files = open_files(settings)
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"nokyc doctor")
            file.flush()
            await files.put(PROBE, Path(file.name))
        there = await files.size(PROBE)
        await files.delete(PROBE)
        problem = "What was put there does not come back" if there is None else ""
    except (OSError, FilesAwayError, ValueError) as error:
        problem = str(error)
    cure = (
        f"{problem}. Recordings and voicemails cannot be kept: check NOKYC_FILES and what belongs to it"
        " (docs/operating/settings.md), or the rights and the room of DATA_DIR/files."
    )
    return [_check("files", not problem, cure)]


async def _work(connection: Connection, _: Settings) -> list[Check]:
    dead = await connection.fetchval("SELECT count(*) FROM dead_tasks")
    overdue = await connection.fetchval(
        "SELECT count(*) FROM tasks WHERE run_at < now() - make_interval(secs => $1)", float(OVERDUE_SEC)
    )
    return [
        _check(
            "dead tasks",
            not dead,
            f"{dead} tasks failed too often and were set aside: read the column error of the table dead_tasks, update"
            " the program, then put them back (docs/operating/commands.md, Dead tasks).",
        ),
        _check(
            "overdue tasks",
            not overdue,
            f"{overdue} tasks are late by more than {OVERDUE_SEC} s: see whether workers run and carriers are up; if"
            " they are, start another `nokyc worker`.",
        ),
    ]


async def _webhooks(connection: Connection, _: Settings) -> list[Check]:
    disabled = await connection.fetchval(
        "SELECT count(*) FROM webhook_endpoints"
        " WHERE status = 'disabled' AND deleted_at IS NULL AND disabled_reason IS DISTINCT FROM 'by hand'"
    )
    cure = (
        f"{disabled} webhook endpoints were disabled because deliveries failed for days: have their owners mend the URL"
        ' and enable them (PATCH /v1/webhook_endpoints/{id} {"status": "enabled"}), or delete them.'
    )
    return [_check("webhook endpoints", not disabled, cure)]


async def _endpoints(connection: Connection, settings: Settings) -> list[Check]:
    """Each speech endpoint answers for whatever it has a model for."""
    from nokyc.engines import probe_endpoint
    from nokyc.resources.speech import queries

    try:
        vault = await _vault(connection, settings)
    except context.RefusalError:  # the check of the secret key has told
        return []
    checks = []
    for name, config in await queries.endpoints(connection, vault.open):
        for each in await probe_endpoint(config):
            cure = (
                f"{each.detail}: see `nokyc speech endpoint list`, and mend it with `nokyc speech endpoint set {name}`."
            )
            checks.append(_check(f"speech endpoint {name} {each.does}", each.ok, cure))
    return checks


async def _ledger(connection: Connection, _: Settings) -> list[Check]:
    from nokyc.store import audit

    found = await audit.verify(connection, quick=True)
    first = found.problems[0] if found.problems else ""
    cure = f"{first}. Stop selling, keep a backup, and read `nokyc ledger verify`: somebody changed the tables by hand."
    return [_check("ledger", found.ok, cure)]


def _check(name: str, ok: bool, cure: str) -> Check:
    return Check(name, ok, None if ok else cure)


EXAMINATIONS: list[Callable[[Connection, Settings], Awaitable[list[Check]]]] = [
    _secret_key,
    _server,
    _carriers,
    _files,
    _work,
    _webhooks,
    _endpoints,
    _ledger,
]
"""What is looked at once the schema is there."""
