"""The database as a whole: its schema, backups, and a new major version of PostgreSQL."""

import asyncio
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

from nokyc.cli import context
from nokyc.settings import Settings, read_settings

MAX_SAID_BYTES = 100_000

UPGRADE = """\
1. With the version that made the data folder: `nokyc backup FILE`, then stop the server.
2. Move the folder `postgres` out of the data folder; leave secret.key where it is.
3. With the new version: `nokyc restore FILE`, then `nokyc ledger verify` and `nokyc doctor`.
4. Start the server. Remove the old folder when you are content."""


def migrate() -> None:
    """Bring the schema to the installed version; `nokyc serve` does it by itself."""
    with context.database(fresh=True) as (dsn, _):
        version = asyncio.run(_bring_up(dsn))
    context.answer({"version": version}, f"The schema is at version {version}.")


def backup(file: Path, /) -> None:
    """Write the whole database to a file, also while the server runs.

    Args:
        file: It must not exist yet.
    """
    if file.exists():
        context.refuse(f"{file} exists already")
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")  # nobody else's, should two write the same backup
    with context.database() as (dsn, _):
        asyncio.run(_check_source(dsn))
        try:
            os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            _run("pg_dump", dsn, "--format=custom", "--no-owner", "--no-unlogged-table-data", f"--file={partial}")
            partial.rename(file)
        finally:
            partial.unlink(missing_ok=True)
    size = file.stat().st_size
    settings = read_settings()
    key = "NOKYC_SECRET_KEY" if settings.secret_key else str(settings.data_dir / "secret.key")
    context.answer(
        {"file": str(file), "bytes": size, "secret_key": key},
        f"{file} is written ({size:,} bytes).",
        f"Keep {key} too, in another place: it is not in the backup, and without it",
        "the passwords of carriers and the secrets of webhooks in the backup cannot be read.",
    )


def restore(file: Path, /, *, force: bool = False) -> None:
    """Fill the database from a backup, wholly or not at all; the server must be stopped.

    Args:
        file: Made by `nokyc backup`.
        force: Replace what the database holds now.
    """
    if not file.is_file():
        context.refuse(f"there is no file {file}")
    settings = read_settings()
    if settings.secret_key is None and not (settings.data_dir / "secret.key").exists():
        context.refuse(
            f"put the secret.key that belongs to the backup into {settings.data_dir} first (or set NOKYC_SECRET_KEY)"
        )
    with context.database(fresh=True) as (dsn, _):
        asyncio.run(_check_target(dsn, force))
        _replace(dsn, file)
        version = asyncio.run(_check_result(dsn, settings))
    context.answer({"file": str(file), "version": version}, f"{file} is restored. Prove it: `nokyc ledger verify`.")


def upgrade_db() -> None:
    """How to go to a new major version of PostgreSQL."""
    context.answer({"steps": UPGRADE.splitlines()}, UPGRADE)
    context.refuse("a new major version of PostgreSQL takes the steps above; nothing was changed")


async def _bring_up(dsn: str) -> int:
    async with context.bring_up(read_settings(), dsn) as (_, version):
        return version


async def _check_source(dsn: str) -> None:
    """Refuse to keep nothing: a backup of the wrong database would be found out when it is needed."""
    connection = await context.connect(dsn)
    try:
        if not await context.has_schema(connection):
            context.refuse("this database was never set up, so there is nothing to keep: check DATABASE_URL")
    finally:
        await connection.close()


async def _check_target(dsn: str, force: bool) -> None:
    """Refuse while somebody works on the database, or if it would lose something that nobody agreed to lose."""
    connection = await context.connect(dsn)
    try:
        others = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'nokyc' AND pid <> pg_backend_pid()"
        )
        if others:
            context.refuse("a server runs on this database; stop it first")
        used = await connection.fetchval("SELECT to_regclass('public.accounts') IS NOT NULL")
        if used and not force and await connection.fetchval("SELECT EXISTS (SELECT 1 FROM accounts)"):
            context.refuse("the database is not empty; --force replaces everything in it")
    finally:
        await connection.close()


def _replace(dsn: str, file: Path) -> None:
    """One transaction, committed only if the backup could be read to its end: old schema out, backup in."""
    url, environment = _login(dsn)
    with TemporaryFile() as complaint, TemporaryFile() as refusal:
        reader = subprocess.Popen(
            [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", file],
            stdout=subprocess.PIPE,
            stderr=complaint,
        )
        writer = subprocess.Popen(
            [_program("psql"), f"--dbname={url}", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=refusal,
            env=environment,
        )
        assert reader.stdout is not None
        assert writer.stdin is not None
        try:
            writer.stdin.write(b"BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n")
            shutil.copyfileobj(reader.stdout, writer.stdin)
            if reader.wait() == 0:
                writer.stdin.write(b"COMMIT;\n")
            writer.stdin.close()
        except BrokenPipeError:  # psql has said why
            reader.kill()
        finally:
            with suppress(BrokenPipeError):  # without COMMIT before it, the end of its input is the end of the attempt
                writer.stdin.close()
            reader.stdout.close()
            failed = [writer.wait() != 0, reader.wait() != 0]
        if failed[0]:
            context.refuse(f"nothing was restored: {_reason(refusal)}")
        if failed[1]:
            context.refuse(f"nothing was restored, {file} cannot be read: {_reason(complaint)}")


async def _check_result(dsn: str, settings: Settings) -> int:
    """Bring the restored schema up to date, and see that the secret key is the one it was written under."""
    from nokyc.store.migrate import migrate as bring_up
    from nokyc.store.vault import Vault, WrongKeyError, check_key, read_key

    connection = await context.connect(dsn)
    try:
        version = await bring_up(connection)
        await check_key(connection, Vault(read_key(settings.data_dir, settings.secret_key)))
        return version
    except WrongKeyError as error:
        return context.refuse(f"{error} The backup is restored, but its secrets cannot be read without that key.")
    finally:
        await connection.close()


def _run(program: str, dsn: str, *arguments: str) -> None:
    url, environment = _login(dsn)
    with TemporaryFile() as complaint:
        done = subprocess.run(
            [_program(program), f"--dbname={url}", *arguments], stderr=complaint, env=environment, check=False
        )
        if done.returncode:
            context.refuse(f"{program} failed: {_reason(complaint)}")


def _program(name: str) -> Path:
    """The one that comes with the server, else the system's."""
    from nokyc.store.postgres import PostgresError, binaries

    try:
        return binaries() / name
    except PostgresError:
        found = shutil.which(name)
        if found is None:
            context.refuse(f"{name} is not installed")
        return Path(found)


def _login(dsn: str) -> tuple[str, dict[str, str]]:
    """The URL without its password, which everybody on the machine could read, and an environment that has it."""
    parts = urlsplit(dsn)
    if not parts.password:
        return dsn, dict(os.environ)
    bare = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1))
    return urlunsplit(bare), os.environ | {"PGPASSWORD": unquote(parts.password)}


def _reason(said: IO[bytes]) -> str:
    """The first error in what a program said."""
    said.seek(0)
    lines = said.read(MAX_SAID_BYTES).decode(errors="replace").strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "it said nothing")
