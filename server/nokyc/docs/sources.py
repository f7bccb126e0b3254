"""The Markdown that the site is made of: the very files that are read in the repository, which a wheel brings along."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

FILES = {
    "guides": ("README", "quickstart", "sdks", "test-mode", "going-live"),
    "guides/numbers and messages": ("numbers", "sending-sms", "receiving-sms"),
    "guides/voice": ("calls", "softphone", "media-streams", "voicemails", "ai"),
    "guides/integration": ("conventions", "webhooks", "idempotency", "pagination", "rate-limits", "versions", "panel"),
    "operating": (
        "README", "installing", "settings", "commands", "carriers", "voice", "speech", "panel", "browsers", "interop",
        "money", "monitoring", "backup", "upgrading", "several-machines", "sizing", "security",
        "threat-model", "troubleshooting",
    ),
}  # fmt: skip
"""The pages of each part, in the order of the sidebar."""
GROUPS = {
    "guides": "Get started",
    "guides/numbers and messages": "Numbers and messages",
    "guides/voice": "Voice",
    "guides/integration": "Integration",
    "operating": "Operating",
}
REFERENCE = "API reference"
BACKGROUND = "Background"


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file and where it stands on the site."""

    path: str
    """Below the site's root, without suffix."""
    file: str
    """From the root of the repository."""
    group: str

    @property
    def text(self) -> str:
        return document(self.file).read_text("utf-8")


def written() -> list[Source]:
    """All pages that people wrote, in the order of the sidebar."""
    found = [
        Source(_path(part.partition("/")[0], name), f"docs/{part.partition('/')[0]}/{name}.md", GROUPS[part])
        for part, names in FILES.items()
        for name in names
    ]
    decisions = sorted(path.stem for path in document("docs/decisions").glob("[0-9]*.md"))
    return [
        *found,
        Source("operating/deploying", "deploy/README.md", GROUPS["operating"]),
        Source("errors", "docs/guides/errors.md", REFERENCE),
        Source("changelog", "CHANGELOG.md", BACKGROUND),
        Source("glossary", "GLOSSARY.md", BACKGROUND),
        Source("architecture", "ARCHITECTURE.md", BACKGROUND),
        *(Source(_path("decisions", name), f"docs/decisions/{name}.md", BACKGROUND) for name in ("README", *decisions)),
    ]


def document(name: str) -> Path:
    """A file or folder by its path in the repository: from the installed package, else from the source tree."""
    packaged = Path(str(files("nokyc"))) / "documents"
    return (packaged if packaged.is_dir() else Path(__file__).parents[3]) / name


def title_of(text: str) -> str:
    """The heading that a document begins with, as plain text."""
    match = re.match(r"# (.+)", text)
    if match is None:
        raise ValueError("a document begins with a heading")
    return match[1].replace("`", "")


def summary_of(text: str) -> str:
    """The first paragraph of prose, as plain text on one line."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for paragraph in prose.split("\n\n")[1:]:
        if paragraph.strip() and paragraph.strip()[0] not in "#|<-!(":
            return plain(paragraph)
    return ""


def plain(text: str) -> str:
    """Inline Markdown without its marks."""
    text = re.sub(r"<[^>]+>", "", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"\*\*|`", "", text).split())


def _path(part: str, name: str) -> str:
    return part if name == "README" else f"{part}/{name}"
