"""Our own lints: what no foreign linter knows about this house. `tests/test_tidy.py` runs them.

    python tools/tidy.py

Each check yields sentences that begin with `path:line`. An exception to a rule stands in a table below, with its
reason; a reason that is no longer needed is an error too.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "server" / "nokyc"
VOICE = ROOT / "voice" / "nokyc_voice"

MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 400
CLOCK = "server/nokyc/kit/clock.py"

WALL_CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
PRIVATE = {
    "body", "callee", "caller_id", "e164", "email", "from_", "password", "peer", "phone", "recipient", "response_body",
    "secret", "sender", "text", "to", "token", "transcript", "url",
}  # fmt: skip
"""Names of what never goes into a log: whom people talk to, what they say, and what opens doors."""
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:work|home/\w+|root|Users/\w+)/[\w.]")

SCOPED_FOLDERS = ("resources", "panel", "http")
"""Where statements must be scoped to an account."""
OPERATORS = "server/nokyc/resources/operator/"
"""But for what the operator alone is shown, who may see all accounts; the panel asks for the role at the door."""
UNSCOPED = {
    "UPDATE api_keys SET previous_used_at": "by the id of the key that has just been authenticated",
    "UPDATE api_keys SET previous_hash": "keys are the operator's to manage, who may see all accounts",
    "UPDATE api_keys SET revoked_at": "keys are the operator's to manage, who may see all accounts",
    "FROM panel_sessions WHERE token_hash": "the secret token says whose session it is",
    "INSERT INTO calls (": "account_id is the first of the names",
    "UPDATE panel_sessions SET seen_at": "the secret token says whose session it is",
    "FROM panel_logins WHERE name": "whose name it is, is the question",
    "FROM passkeys WHERE credential": "whose passkey it is, is the question",
    "INSERT INTO sms_notes VALUES": "account_id is the first value",
    "FROM voicemails WHERE unheard)": "the transcriber's question whether anybody waits; no row is shown",
    "JOIN segments s ON s.carrier = r.carrier AND s.carrier_ref": "a carrier's receipt names a submission, no account",
    "DELETE FROM voices WHERE endpoint": "voices and endpoints are the operator's to manage",
    "FROM media WHERE id": "the address proves, by the vault's key, that its holder was told of the file",
    "SELECT EXISTS (SELECT FROM voicemails WHERE unheard)": "whether engines are to be asked, whosever message waits",
    "SELECT DISTINCT e164 FROM numbers": "numbers of the platform reach each other; only that one exists is read",
}
"""Statements (by a part of their text) on account tables that may run over all accounts, and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, parsed."""

    path: str
    """From the root of the repository."""
    text: str
    tree: ast.Module


def problems() -> list[str]:
    """Everything that is wrong, in all files."""
    sources = list(read_sources())
    found = [problem for source in sources for check in CHECKS for problem in check(source)]
    return sorted([*found, *stale_exceptions(sources), *machine_paths()])


def read_sources() -> Iterator[Source]:
    for folder in (SERVER, VOICE, ROOT / "tools"):
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text("utf-8")
            yield Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def too_long(source: Source) -> Iterator[str]:
    """Files and functions that nobody reads in one go."""
    lines = source.text.count("\n")
    if lines > MAX_FILE_LINES:
        yield f"{source.path}:1 has {lines} lines; {MAX_FILE_LINES} are allowed"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{source.path}:{node.lineno} {node.name} has {length} lines; {MAX_FUNCTION_LINES} are allowed"


def commits(source: Source) -> Iterator[str]:
    """Units of work are committed at their edge, in `store`, and nowhere else."""
    if "/store/" in source.path:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"{source.path}:{node.lineno} commits outside store"


def wall_clocks(source: Source) -> Iterator[str]:
    """Time is handed in; one module reads it."""
    if source.path == CLOCK:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in WALL_CLOCKS:
            yield f"{source.path}:{node.lineno} reads the wall clock ({ast.unparse(node)}) outside {CLOCK}"


def unscoped_queries(source: Source) -> Iterator[str]:
    """Every statement on a table of the accounts says whose rows it means."""
    for line, statement in unscoped(source):
        if not any(part in statement for part in UNSCOPED):
            yield f"{source.path}:{line} a statement on account tables without account_id: {statement[:100]}"


def private_logs(source: Source) -> Iterator[str]:
    """Logs name codes and ids, never what customers say or to whom."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func.value)):
            continue
        names = {keyword.arg for keyword in node.keywords} | {
            part.id if isinstance(part, ast.Name) else part.attr
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
            for part in ast.walk(argument)
            if isinstance(part, ast.Name | ast.Attribute)
        }
        for name in sorted(names & PRIVATE, key=str):
            yield f"{source.path}:{node.lineno} logs {name!r}"


def machine_paths() -> Iterator[str]:
    """No file that we publish names a folder of the machine that it was written on."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        try:
            text = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if match := MACHINE_PATH.search(line):
                yield f"{name}:{number} names a folder of this machine: {match.group()}"


def stale_exceptions(sources: list[Source]) -> Iterator[str]:
    """Exceptions that nothing needs any more."""
    statements = [statement for source in sources for _, statement in unscoped(source)]
    for part in UNSCOPED:
        if not any(part in statement for statement in statements):
            yield f"tools/tidy.py:1 the exception {part!r} is not needed any more"


def unscoped(source: Source) -> Iterator[tuple[int, str]]:
    """Line and text of statements on account tables that do not mention account_id where rows are chosen."""
    folders = tuple(f"server/nokyc/{folder}/" for folder in SCOPED_FOLDERS)
    if not source.path.startswith(folders) or source.path.startswith(OPERATORS):
        return
    for line, text in _strings(source.tree):
        statement = " ".join(text.split())
        match = _TOUCHES.search(statement)
        if match is not None and not _SCOPE.search(statement, match.start()):
            yield line, statement


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """String literals and f-strings, whole, with `{name}` for what is put in; docstrings are no code."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inner or id(node) in prose:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
                    for part in node.values
                ),
            )


def _is_log(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("log", "logger", "logging")


def _account_tables() -> list[str]:
    """The tables that have a column account_id, from the migrations."""
    text = "\n".join(path.read_text("utf-8") for path in sorted((SERVER / "migrations").glob("*.sql")))
    made = re.findall(r"CREATE (?:UNLOGGED )?TABLE (\w+) \((.*?)\);$", text, re.DOTALL | re.MULTILINE)
    return [name for name, columns in made if re.search(r"(?:^|,)\s*account_id\b", columns, re.MULTILINE)]


_TOUCHES = re.compile(rf"\b(?:FROM|JOIN|UPDATE|INTO|USING)\s+(?:{'|'.join(_account_tables())})\b")
_SCOPE = re.compile(r"account_id|\{(?:where|_KEY)\}")
"""What scopes a statement: the column itself, or our builder of WHERE clauses, which begins with it."""

CHECKS = (too_long, commits, wall_clocks, unscoped_queries, private_logs)


def main() -> int:
    found = problems()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
