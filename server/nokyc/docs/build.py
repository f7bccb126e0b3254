"""The site as a folder of files, for any web server or a disk."""

from pathlib import Path

from nokyc.docs.contract import Contract
from nokyc.docs.doors import Written, file_name
from nokyc.docs.site import Site, site_assets
from nokyc.http.versions import Versions

DEFAULT_BASE_URL = "https://api.nokycnumber.com"


def build(folder: Path, versions: Versions, base_url: str = DEFAULT_BASE_URL) -> int:
    """Write everything below `folder`, which is made if need be; answers how many pages there are."""
    site = Site(Contract(), versions, Written(), base_url)
    for path in site.outline.pages:
        _write(folder / file_name(path), site.page(path).encode())
    _write(folder / "404.html", site.missing().encode())
    for name, make in site.files().items():
        _write(folder / name, make().encode())
    for name, content in site_assets():
        _write(folder / "static" / name, content)
    return len(site.outline.pages)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
