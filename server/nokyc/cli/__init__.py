"""The `nokyc` command: one file per group of commands, imported only when one of it is called."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter, UnknownCommandError

from nokyc.cli import context

USAGE_EXIT = 2
GROUPS = {
    "accounts": "Accounts and their balance.",
    "keys": "API keys.",
    "inventory": "Numbers for sale.",
    "carriers": "Companies that take our traffic.",
    "routes": "Which carrier takes what.",
    "speech": "Local engines that hear, speak and translate.",
    "panel": "Letting people in to the panel.",
    "ledger": "The money, entry by entry.",
    "events": "Events that were emitted.",
    "docs": "The documentation.",
}
"""Each is an `app` in a file of its name."""
COMMANDS = {
    "serve": ("nokyc.cli.serve:serve", "API, workers, panel and PostgreSQL in one."),
    "api": ("nokyc.cli.serve:api", "One API process alone."),
    "worker": ("nokyc.cli.serve:worker", "One worker alone."),
    "voice": ("nokyc.cli.serve:voice", "One voice process alone: SIP and audio."),
    "migrate": ("nokyc.cli.database:migrate", "Bring the schema to the installed version."),
    "backup": ("nokyc.cli.database:backup", "Write the whole database to a file."),
    "restore": ("nokyc.cli.database:restore", "Fill the database from a backup."),
    "upgrade-db": ("nokyc.cli.database:upgrade_db", "How to go to a new major version of PostgreSQL."),
    "doctor": ("nokyc.cli.doctor:doctor", "Check the installation; every finding has a cure."),
    "listen": ("nokyc.cli.listen:listen", "Forward events to a program that is being developed."),
    "trigger": ("nokyc.cli.trigger:trigger", "Make an event happen in test mode."),
    "torture": ("nokyc.cli.torture:torture", "Kill workers under load, and count what was lost."),
}


def _version() -> str:
    from importlib.metadata import version

    return version("nokyc-server")


app = App(name="nokyc", help="Run a phone-number platform.", version=_version)
for _name, (_function, _help) in COMMANDS.items():
    app.command(_function, name=_name, help=_help)
for _name, _help in GROUPS.items():
    app.command(f"nokyc.cli.{_name}:app", name=_name, help=_help)


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the installed command: exit 0, 1 with a reason on stderr, or 2 for wrong usage."""
    try:
        _call(app.meta, sys.argv[1:] if arguments is None else arguments)
    except UnknownCommandError as error:
        # Its own text would import every command to list them.
        _end(USAGE_EXIT, f"unknown command {' '.join(error.unused_tokens or [])!r}; see --help")
    except (CycloptsError, context.UsageError) as error:
        _end(USAGE_EXIT, str(error).rstrip(".") + "; see --help")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; Python would complain about it at exit
        sys.exit(1)
    except Exception as error:
        reason = context.reason(error)
        if reason is None or os.environ.get("NOKYC_DEBUG"):
            raise
        _end(1, reason)


@app.meta.default
def _launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    data_dir: Path | None = None,
    database_url: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Options of every command, wherever they stand in the line.

    Args:
        data_dir: Folder of the embedded PostgreSQL and the secret key [env: DATA_DIR].
        database_url: An existing PostgreSQL instead of the embedded one [env: DATABASE_URL].
        json: Answer with one JSON object or array.
    """
    context.choose(data_dir=data_dir, database_url=database_url, as_json=json)
    _call(app, list(tokens))


def _call(command: App, tokens: list[str]) -> Any:
    return command(tokens, exit_on_error=False, print_error=False, result_action="return_value")


def _end(code: int, reason: str) -> None:
    print("nokyc:", " ".join(reason.split()), file=sys.stderr)
    sys.exit(code)
