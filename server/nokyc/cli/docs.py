"""`nokyc docs`: the documentation that a server has at /docs, as files."""

from pathlib import Path

from cyclopts import App

from nokyc.cli import context

app = App(name="docs")


@app.command
def build(folder: Path, *, base_url: str | None = None) -> None:
    """Write the documentation as a folder of files that works anywhere, from a disk too.

    Args:
        folder: Where to; it is made if need be, and files of these names in it are replaced.
        base_url: The API's address, for openapi.json and the Postman collection.
    """
    from nokyc.docs import build as docs
    from nokyc.main import VERSIONS

    pages = docs.build(folder, VERSIONS, base_url or docs.DEFAULT_BASE_URL)
    context.answer({"folder": str(folder), "pages": pages}, f"{pages} pages are in {folder}.")
