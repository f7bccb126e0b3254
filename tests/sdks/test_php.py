"""The PHP SDK: the conformance suite with both of its transports, a scenario against a real server, its own tests."""

import json
import shutil
from pathlib import Path

import pytest

from sdks.programs import PHP, SDKS, SUITES, conform, run

FOLDER = SDKS / "php"
LINT = 'printf "%s\\0" "$@" | xargs -0 -n 1 -P 2 php -l | grep -v "^No syntax errors" && exit 1 || exit 0'
LOAD = "require 'init.php'; foreach (array_slice($argv, 1) as $file) { require_once $file; }"
EXAMPLES = ("send_sms.php", "list_messages.php", "idempotency_and_errors.php")


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    """`make peers` installs PHP as root, or says what to install."""
    missing = [program for program in ("php", "phpunit", "composer", "phpcs") if shutil.which(program) is None]
    if missing:
        pytest.fail(f"{', '.join(missing)} missing: run `make peers`")


@pytest.mark.parametrize("transport", ["curl", "stream"])
@pytest.mark.parametrize("suite", SUITES)
def test_conformance(suite: str, transport: str, fault_server: str) -> None:
    conform([*PHP, "tests/conformance.php"], suite, fault_server, folder=FOLDER, TRANSPORT=transport)


def test_end_to_end(real_account: dict[str, str]) -> None:
    run([*PHP, "tests/end_to_end.php"], folder=FOLDER, **real_account)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, real_account: dict[str, str]) -> None:
    assert run([*PHP, FOLDER / "examples" / name], folder=FOLDER, **real_account)


def test_core(fault_server: str, untrusted_url: str) -> None:
    run(
        ["phpunit", "-c", "phpunit.xml"], folder=FOLDER, NOKYC_CONFORMANCE_URL=fault_server, UNTRUSTED_URL=untrusted_url
    )


def test_every_file_is_valid_and_strict() -> None:
    files = [path for path in FOLDER.rglob("*.php") if "vendor" not in path.parts]
    library = [path for path in files if FOLDER / "src" in path.parents]
    run(["sh", "-c", LINT, "lint", *(set(files) - set(library))], folder=FOLDER)
    run([*PHP, "-r", LOAD, *library], folder=FOLDER)  # compiled and linked to one another, which is more than php -l
    assert not [path for path in files if "declare(strict_types=1);" not in path.read_text("utf-8")]


def test_style() -> None:
    """PSR-12."""
    run(["phpcs", "-q"], folder=FOLDER)


def test_comments_say_what_types_php_has_no_words_for() -> None:
    """In the language of PHPStan, which Debian does not have; its parser it has."""
    assert run([*PHP, "tests/docblocks.php"], folder=FOLDER).endswith(" methods\n")


def test_package(tmp_path: Path) -> None:
    """Composer takes the package, and installs it from a folder into a project that then finds its classes."""
    run(["composer", "validate", "--strict", "--no-check-lock"], folder=FOLDER, COMPOSER_ALLOW_SUPERUSER="1")
    project = {
        "require": {"nokycnumber/sdk": "*@dev"},
        "repositories": [
            {"type": "path", "url": str(FOLDER), "options": {"symlink": False}}, {"packagist.org": False},
        ],
    }  # fmt: skip
    (tmp_path / "composer.json").write_text(json.dumps(project), "utf-8")
    home = {"COMPOSER_HOME": str(tmp_path / "home"), "COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_ROOT_VERSION": "1.0.0"}
    run(["composer", "install", "--no-interaction", "--no-progress", "--quiet"], folder=tmp_path, **home)
    program = "require 'vendor/autoload.php'; echo (new NoKYCNumber\\Client('sk_test_a'))->baseUrl;"
    assert run([*PHP, "-r", program], folder=tmp_path) == "https://api.nokycnumber.com"
