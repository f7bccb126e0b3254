"""`nokyc doctor`, `migrate`, `backup`, `restore` and `upgrade-db`."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import nokyc
from cli.conftest import Installation
from nokyc.cli.context import TERMINATED_EXIT
from nokyc.store.postgres import EmbeddedPostgres
from support import open_folder

MIGRATIONS = Path(nokyc.__file__).parent / "migrations"
VERSION = max(int(path.name[:4]) for path in MIGRATIONS.glob("*.sql"))


def test_a_doctor_finds_nothing_on_a_running_platform(platform: Installation) -> None:
    done = platform.run("doctor", "--json")
    checks = json.loads(done.stdout)["checks"]
    assert all(list(check) == ["name", "ok", "cure"] for check in checks)
    assert [check for check in checks if not check["ok"] and check["name"] != "disk"] == []
    names = {check["name"] for check in checks}
    assert "speech: speech to text" in names
    assert {name for name in names if not name.startswith("speech: ")} == {
        *("disk", "database", "clock", "schema", "secret key", "workers", "api", "routes", "dead tasks"),
        *("overdue tasks", "webhook endpoints", "files", "ledger"),
    }


def test_every_finding_has_a_cure(platform: Installation) -> None:
    platform.json("carriers", "add", "smpp", "gone", "--host=127.0.0.1", "--port=9", "--system-id=x", "--password=x")
    platform.json("carriers", "add", "sip", "line", "--host=127.0.0.1")
    wrong = {"PUBLIC_URL": "http://127.0.0.1:9", "NOKYC_SECRET_KEY": "ab" * 32, "NOKYC_FILES": "ftp://files"}
    try:
        done = platform.call("doctor", "--json", **wrong)
    finally:
        platform.json("carriers", "remove", "gone")
        platform.json("carriers", "remove", "line")
        platform.json("routes", "add", "default", "simulated")
    assert done.returncode == 1
    cures = {check["name"]: check["cure"] for check in json.loads(done.stdout)["checks"] if not check["ok"]}
    assert {"secret key", "api", "carrier gone", "routes", "trunk line", "voice routes", "files"} <= set(cures)
    assert all(cures.values())
    assert "nokyc carriers test gone" in cures["carrier gone"]
    assert "does not answer" in cures["api"]


@pytest.mark.parametrize("content", [None, "", "no key"])
def test_a_doctor_names_a_key_that_is_lost_and_looks_at_the_rest(
    platform: Installation, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "secret.key"
    if content is not None:
        path.write_text(content)
    done = platform.call("doctor", "--json", "--database-url", platform.dsn, DATA_DIR=str(tmp_path))
    cures = {check["name"]: check["cure"] for check in json.loads(done.stdout)["checks"]}
    assert str(path) in cures["secret key"]
    assert cures["ledger"] is None
    assert path.exists() == (content is not None)


def test_a_doctor_makes_nothing_where_nothing_is(tmp_path: Path, platform: Installation) -> None:
    done = platform.call("doctor", "--json", "--data-dir", tmp_path / "nothing")
    assert done.returncode == 1
    assert "nokyc serve" in json.loads(done.stdout)["checks"][-1]["cure"]
    assert not (tmp_path / "nothing" / "postgres").exists()


def test_the_schema_is_up_to_date(platform: Installation) -> None:
    assert platform.json("migrate") == {"version": VERSION}
    # The same store by its URL: the flag, and the key that belongs to it.
    key = (platform.data_dir / "secret.key").read_text()
    listed = platform.json(
        "accounts", "list", "--database-url", platform.dsn, DATA_DIR="/nowhere", NOKYC_SECRET_KEY=key
    )
    assert isinstance(listed, list)


def test_a_database_elsewhere_gets_schema_and_default_route(platform: Installation, tmp_path: Path) -> None:
    for name, command in (("migrated", ["migrate"]), ("begun", ["accounts", "create"])):
        asyncio.run(execute(platform.dsn, f"CREATE DATABASE {name}"))
        there = {"DATABASE_URL": platform.dsn.replace("/nokyc?", f"/{name}?"), "DATA_DIR": str(tmp_path / name)}
        platform.json(*command, **there)
        assert [route["carrier"] for route in platform.json("routes", "list", **there)] == ["simulated"]
        platform.json("carriers", "add", "sip", "line", "--host=127.0.0.1", **there)
        platform.json("migrate", **there)
        assert platform.json("routes", "list", **there) == []
    assert "another secret key" in platform.refusal("migrate", **there | {"DATA_DIR": str(tmp_path / "other")})


async def execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()


def test_nothing_is_neither_kept_nor_found_in_order(platform: Installation, tmp_path: Path) -> None:
    nowhere, file = str(tmp_path / "nowhere"), tmp_path / "backup.dump"
    reading = ("accounts list", "keys list", "inventory list", "carriers list", "routes list", "panel link --operator")
    for command in (["backup", file], ["ledger", "verify"], *map(str.split, reading)):
        assert f"no database in {nowhere}" in platform.refusal(*command, DATA_DIR=nowhere)
    asyncio.run(execute(platform.dsn, "CREATE DATABASE empty"))
    for command in (["backup", file], ["accounts", "list"]):
        empty = platform.dsn.replace("/nokyc?", "/empty?")
        assert "never set up" in platform.refusal(*command, DATABASE_URL=empty)
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_is_told_to_end_leaves_no_database_running(platform: Installation, data_dir: Path) -> None:
    command = [sys.executable, "-m", "nokyc", "migrate"]
    with subprocess.Popen(command, env=platform.environment(DATA_DIR=str(data_dir))) as migrating:
        while EmbeddedPostgres(data_dir).pid() is None and migrating.poll() is None:
            time.sleep(0.01)
        migrating.terminate()
    assert migrating.returncode in (0, TERMINATED_EXIT)
    assert EmbeddedPostgres(data_dir).pid() is None


def test_a_new_postgresql_takes_steps(platform: Installation) -> None:
    done = platform.call("upgrade-db")
    assert done.returncode == 1
    assert "nokyc restore" in done.stdout


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_a_backup_is_restored_wholly_or_not_at_all(
    platform: Installation, account: Any, data_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.dump"
    made = platform.json("backup", file)
    assert made == {"file": str(file), "bytes": file.stat().st_size, "secret_key": f"{platform.data_dir}/secret.key"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert platform.refusal("backup", file) == f"{file} exists already"
    assert "a server runs on this database" in platform.refusal("restore", file, "--force")

    other = Installation(data_dir, platform.port)
    assert "secret.key" in other.refusal("restore", file)
    shutil.copy(platform.data_dir / "secret.key", other.data_dir)
    assert other.json("restore", file) == {"file": str(file), "version": VERSION}
    found = {one["account_id"]: one["balance_usd"] for one in other.json("accounts", "list")}
    assert found[account["account_id"]] == 100

    assert "is not empty" in other.refusal("restore", file)
    cut = tmp_path / "cut.dump"
    cut.write_bytes(file.read_bytes()[: made["bytes"] * 9 // 10])
    assert "nothing was restored" in other.refusal("restore", cut, "--force")
    assert {one["account_id"] for one in other.json("accounts", "list")} == set(found)
    assert other.json("ledger", "verify")["ok"]
