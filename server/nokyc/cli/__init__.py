"""The `nokyc` command: one file per group of commands, imported only when one of it is called."""

from cyclopts import App

app = App(name="nokyc", help="Run a phone-number platform.")
app.command("nokyc.cli.serve:serve")
app.command("nokyc.cli.serve:api")
app.command("nokyc.cli.serve:worker")


def main() -> None:
    """Entry point of the installed command."""
    app()
