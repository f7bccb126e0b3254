"""What a page of the site links to, and what can be linked to in it."""

from html.parser import HTMLParser


class PageLinks(HTMLParser):
    """The addresses and anchors of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = set()
        self.repeated: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                if value in self.anchors:
                    self.repeated.append(value)
                self.anchors.add(value)
            elif name in ("href", "src", "data-index") and value is not None:
                self.targets.add(value)


def outside(target: str) -> bool:
    """Whether a link leads off the site."""
    return target.startswith(("https://", "http://", "mailto:"))
