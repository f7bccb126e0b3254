"""How the command is called: wrong usage, and how little it loads."""

import subprocess
import sys

import pytest

from nokyc import cli

HEAVY = ("asyncpg", "starlette", "uvicorn", "aiohttp", "phonenumbers", "nokyc.main")


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "accounts nonsense",
        "accounts credit",
        "accounts create --emial a@b.example",
        "keys create acct_000000000000 --scope everything",
        "keys create acct_000000000000 --rate-limit 0",
        "inventory add +33647112233 --country fr",
        "carriers add smpp a --host h --port 70000 --system-id s --password p",
        "carriers add sip a --host h --register",
        "routes add 33",
        "listen --api-key sk_test_x",
        "trigger sms.imagined --api-key sk_test_x",
        "trigger sms.sent --api-key sk_live_x",
        "trigger sms.sent",
        "--data-dir",
    ],
)
def test_wrong_usage_is_exit_2_and_one_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(line.split())
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (2, "")
    assert said.err.startswith("nokyc: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("port", [9, 99_999])
def test_a_database_that_is_not_there_is_exit_1_and_one_line(port: int) -> None:
    environment = {"DATABASE_URL": f"postgresql://nokyc:hidden@127.0.0.1:{port}/nothing"}
    done = subprocess.run(
        [sys.executable, "-m", "nokyc", "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("nokyc: ")
    assert "hidden" not in done.stderr


def test_the_secret_of_listen_depends_on_the_key_alone(capsys: pytest.CaptureFixture[str]) -> None:
    secrets = []
    for key in ("sk_test_1", "sk_test_1", "sk_test_2"):
        cli.main(["listen", "--print-secret", "--api-key", key])
        secrets.append(capsys.readouterr().out.strip())
    assert secrets[0] == secrets[1] != secrets[2]
    assert secrets[0].startswith("whsec_")


def test_help_loads_nothing_heavy() -> None:
    program = f"""
import contextlib, io, sys
from nokyc import cli
with contextlib.redirect_stdout(io.StringIO()) as text:
    cli.main(["--help"])
assert "--data-dir" in text.getvalue()
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
