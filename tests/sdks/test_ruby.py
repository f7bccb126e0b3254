"""The Ruby SDK: the conformance suite, a scenario against a real server, its own tests, its signatures, its gem."""

import shutil
from pathlib import Path

import pytest

from sdks.programs import SDKS, SUITES, conform, run

FOLDER = SDKS / "ruby"
EXAMPLES = ("send_sms.rb", "list_messages.rb", "idempotency_and_errors.rb")


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    """`make peers` installs Ruby as root, or says what to install."""
    missing = [program for program in ("ruby", "rubocop") if shutil.which(program) is None]
    if missing:
        pytest.fail(f"{', '.join(missing)} missing: run `make peers`")


@pytest.mark.parametrize("suite", SUITES)
def test_conformance(suite: str, fault_server: str) -> None:
    conform(["ruby", "test/conformance.rb"], suite, fault_server, folder=FOLDER)


def test_end_to_end(real_account: dict[str, str]) -> None:
    run(["ruby", "-w", "test/end_to_end.rb"], folder=FOLDER, **real_account)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, real_account: dict[str, str]) -> None:
    assert run(["ruby", "-w", FOLDER / "examples" / name], folder=FOLDER, **real_account)


def test_core(untrusted_url: str) -> None:
    run(["ruby", "-w", "-Ilib", "test/core_test.rb"], folder=FOLDER, UNTRUSTED_URL=untrusted_url)


def test_every_file_is_valid() -> None:
    files = [path for folder in ("lib", "test", "examples") for path in (FOLDER / folder).rglob("*.r[bu]")]
    run(["sh", "-c", 'for file; do ruby -wc "$file" 2>&1 | grep -qx "Syntax OK" || exit 1; done', "lint", *files],
        folder=FOLDER)  # fmt: skip
    assert not [path for path in files if not path.read_text("utf-8").startswith("# frozen_string_literal: true")]


def test_grammar_and_lint() -> None:
    """The grammar is that of Ruby 2.7, the oldest that the gem supports."""
    run(["rubocop", "--cache", "false", "--format", "simple"], folder=FOLDER)


def test_signatures() -> None:
    """They are right in themselves, and every public method has one."""
    run(["ruby", "-Ilib", "test/signatures.rb"], folder=FOLDER)


def test_values_fit_the_signatures(fault_server: str) -> None:
    """Every argument and every answer of the conformance cases, checked by RBS as they come by."""
    settings = {
        "RBS_TEST_TARGET": "NoKYCNumber::*", "RBS_TEST_OPT": "-r bigdecimal -I sig", "RBS_TEST_LOGLEVEL": "error",
        "NOKYC_CONFORMANCE_URL": fault_server,
    }  # fmt: skip
    run(["ruby", "-r", "rbs/test/setup", "-Ilib", "test/conformance.rb"], folder=FOLDER, **settings)


def test_package(tmp_path: Path) -> None:
    """The gem is built, installs, and works where it is installed."""
    gem = tmp_path / "nokycnumber.gem"
    run(["gem", "build", "nokycnumber.gemspec", "--strict", "--output", gem], folder=FOLDER)
    home = {"GEM_HOME": str(tmp_path / "home")}
    run(["gem", "install", "--local", "--no-document", "--ignore-dependencies", gem], folder=tmp_path, **home)
    program = "require 'nokycnumber'; print NoKYCNumber::Client.new(api_key: 'sk_test_a').base_url"
    assert run(["ruby", "-e", program], folder=tmp_path, **home) == "https://api.nokycnumber.com"
