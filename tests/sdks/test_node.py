"""The Node SDK: the conformance suite, a scenario against a real server, and its package as others install it."""

import shutil
import tarfile
from pathlib import Path

import pytest

from sdks.programs import SDKS, SUITES, conform, run

FOLDER = SDKS / "node"
TOOLS = FOLDER / "node_modules" / ".bin"
EXAMPLES = ("send-sms.mjs", "list-messages.mjs", "cancel-and-errors.mjs")


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    """`make dev` builds the package."""
    newest = max(path.stat().st_mtime for path in (FOLDER / "src").glob("*.ts"))
    made = FOLDER / "dist" / "cjs" / "package.json"
    if not made.exists() or made.stat().st_mtime <= newest:
        pytest.fail("sdks/node/dist is not current: run `make dev`")


@pytest.mark.parametrize("suite", SUITES)
def test_conformance(suite: str, fault_server: str) -> None:
    conform(["node", "conformance.mjs"], suite, fault_server, folder=FOLDER)


def test_core(untrusted: dict[str, str]) -> None:
    run(["node", "--test", "test/"], folder=FOLDER, **untrusted)


def test_end_to_end(real_account: dict[str, str]) -> None:
    run(["node", "end_to_end.mjs"], folder=FOLDER, **real_account)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, real_account: dict[str, str]) -> None:
    assert run(["node", FOLDER / "examples" / name], folder=FOLDER, **real_account)


def test_package(tmp_path: Path) -> None:
    """What npm would publish: its manifest, its types for every kind of importer, and four programs that use it."""
    run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", tmp_path], folder=FOLDER)
    (archive,) = tmp_path.glob("*.tgz")
    run([TOOLS / "publint", "run", archive, "--strict"], folder=FOLDER)
    run([TOOLS / "attw", archive, "--profile", "node16"], folder=FOLDER)
    modules = tmp_path / "project" / "node_modules"
    modules.mkdir(parents=True)
    (modules / "@types").symlink_to(FOLDER / "node_modules" / "@types")
    (modules / "undici-types").symlink_to(FOLDER / "node_modules" / "undici-types")
    with tarfile.open(archive) as package:
        package.extractall(tmp_path, filter="data")
    shutil.copytree(tmp_path / "package", modules / "@nokycnumber" / "sdk")
    project = tmp_path / "project"
    for path in (FOLDER / "projects").iterdir():
        shutil.copy(path, project)
    assert not (modules / "@nokycnumber" / "sdk" / "conformance.mjs").exists()
    run([TOOLS / "tsc", "-p", project], folder=project)
    for program in ("use.mjs", "use.cjs"):
        assert run(["node", program], folder=project) == "ok\n"


def test_no_dependencies() -> None:
    assert '"dependencies"' not in (FOLDER / "package.json").read_text("utf-8")
