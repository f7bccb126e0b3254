"""Our own lints, as a test; and that each of them finds what it is for."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tidy(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("tidy", repository / "tools" / "tidy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["tidy"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_house_is_tidy(tidy: ModuleType) -> None:
    assert tidy.problems() == []


LONG_FUNCTION = "def work():\n" + "    x = 1\n" * 70

WRONG = [
    ("too_long", LONG_FUNCTION),
    ("too_long", "x = 1\n" * 401),
    ("commits", "await transaction.commit()"),
    ("wall_clocks", "now = datetime.now(UTC)"),
    ("wall_clocks", "import time\nstart = time.time()"),
    ("unscoped_queries", "QUERY = 'SELECT * FROM sms WHERE id = $1'"),
    ("unscoped_queries", "QUERY = 'SELECT account_id FROM sms WHERE id = $1'"),
    ("unscoped_queries", "QUERY = ('UPDATE numbers SET status = $2'\n ' WHERE id = $1')"),
    ("unscoped_queries", "QUERY = f'DELETE FROM events WHERE {condition}'"),
    ("private_logs", "log.info('sent', to=row['recipient'])"),
    ("private_logs", "log.info('sent', n=message.body)"),
    ("private_logs", "log.warning(f'refused {recipient}')"),
]
RIGHT = [
    ("too_long", "def work():\n" + "    x = 1\n" * 69),
    ("wall_clocks", "now = clock.now()"),
    ("unscoped_queries", "QUERY = 'SELECT * FROM sms WHERE account_id = $1 AND id = $2'"),
    ("unscoped_queries", "QUERY = f'SELECT * FROM events WHERE {where} ORDER BY id'"),
    ("unscoped_queries", "QUERY = 'SELECT * FROM inventory WHERE id = $1'"),
    ("unscoped_queries", '"""Reads FROM events everything."""'),
    ("private_logs", "log.info('sent', carrier=name, status=200)"),
]


@pytest.mark.parametrize(("check", "code"), WRONG)
def test_what_a_lint_finds(tidy: ModuleType, check: str, code: str) -> None:
    assert list(getattr(tidy, check)(source(tidy, code)))


@pytest.mark.parametrize(("check", "code"), RIGHT)
def test_what_a_lint_lets_pass(tidy: ModuleType, check: str, code: str) -> None:
    assert not list(getattr(tidy, check)(source(tidy, code)))


def test_folders_of_a_machine(tidy: ModuleType) -> None:
    for folder in ("home/ann", "root", "Users/ann", "work"):  # this file is looked through too
        assert tidy.MACHINE_PATH.search(f"see /{folder}/x")
        assert tidy.MACHINE_PATH.search(f"'/{folder}/.cache'")
    for right in ("https://example.com/home/ann", "/v1/work/x", "var/root/x", "/etc/nokyc"):
        assert not tidy.MACHINE_PATH.search(right)


def test_the_account_tables_are_known(tidy: ModuleType) -> None:
    tables = tidy._account_tables()
    assert {"numbers", "sms", "events", "webhook_endpoints", "deliveries", "ledger_entries", "quotes"} <= set(tables)
    assert not {"inventory", "carriers", "routes", "accounts"} & set(tables)


def source(tidy: ModuleType, code: str) -> object:
    return tidy.Source("server/nokyc/resources/x/actions.py", code, ast.parse(code))
