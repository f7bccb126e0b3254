"""Markdown to HTML, with anchors, highlighted code and links that lead to where the site has things."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

LEXERS = {"sh": "bash", "curl": "bash", "js": "javascript", "node": "javascript"}
"""What Pygments calls the languages of our fences."""

Resolve = Callable[[str], str | None]
"""Where a link of the document leads on the site; None for what is not on it."""


@dataclass(slots=True)
class Section:
    """What stands below one heading, for contents and search."""

    level: int
    title: str
    anchor: str
    text: str = ""


@dataclass(slots=True)
class Rendered:
    """A document as HTML, without its first heading."""

    html: str
    sections: list[Section] = field(default_factory=list)
    """The first is what stands before any other heading."""

    @property
    def contents(self) -> list[Section]:
        """The headings to list beside the page."""
        return [section for section in self.sections[1:] if section.level <= 3]


def render(text: str, resolve: Resolve) -> Rendered:
    """A whole document."""
    tokens = _PARSER.parse(text)
    sections = _headings(tokens)
    for token in tokens:
        _links(token, resolve)
    body = _without_title(tokens)
    return Rendered(_PARSER.renderer.render(body, _PARSER.options, {}), sections)


def inline(text: str, resolve: Resolve) -> str:
    """A sentence or some, without a paragraph around it."""
    tokens = _PARSER.parseInline(text)
    for token in tokens:
        _links(token, resolve)
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def code(text: str, language: str) -> str:
    """A block of code; its scrolling box can be reached by keyboard."""
    spans = escape(text)
    if language:
        options = {"startinline": True} if language == "php" else {}
        spans = highlight(text, get_lexer_by_name(LEXERS.get(language, language), stripnl=False, **options), _SPANS)
    return f'<pre class="code" data-language="{language}" tabindex="0"><code>{spans.rstrip()}\n</code></pre>\n'


def slug(title: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _headings(tokens: list[Token]) -> list[Section]:
    """Give each heading its anchor, and gather the words below it."""
    sections: list[Section] = []
    taken: dict[str, int] = {}
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and after is not None:
            title = _words(after)
            anchor = slug(title)
            taken[anchor] = taken.get(anchor, -1) + 1
            if taken[anchor]:
                anchor = f"{anchor}-{taken[anchor]}"
            token.attrSet("id", anchor)
            _link_to_itself(after, anchor)
            sections.append(Section(int(token.tag[1]), title, anchor))
        elif sections and token.type in ("inline", "fence", "code_block") and token.level >= 0:
            words = _words(token)
            if words != sections[-1].title:
                sections[-1].text += " " + words
    return sections


def _words(token: Token) -> str:
    if token.children is None:
        return " ".join(token.content.split())
    parts = (" " if child.type == "softbreak" else child.content for child in token.children if child.type in _SAID)
    return "".join(parts).strip()


_SAID = ("text", "code_inline", "softbreak")


def _link_to_itself(heading: Token, anchor: str) -> None:
    children = heading.children or []
    if not any(child.type == "link_open" for child in children):
        begin = Token("link_open", "a", 1, attrs={"href": f"#{anchor}", "class": "anchor"})
        heading.children = [begin, *children, Token("link_close", "a", -1)]


def _links(token: Token, resolve: Resolve) -> None:
    """Lead links to where the site has things; a link that leads off it becomes plain words."""
    dropped = False
    for child in token.children or []:
        if child.type == "link_open":
            target = resolve(str(child.attrGet("href")))
            dropped = target is None
            if target is None:
                child.tag, child.attrs = "span", {}
            else:
                child.attrSet("href", target)
        elif child.type == "link_close" and dropped:
            child.tag, dropped = "span", False
        elif child.type == "image":
            child.attrSet("src", resolve(str(child.attrGet("src"))) or "")
            child.attrSet("loading", "lazy")


def _without_title(tokens: list[Token]) -> list[Token]:
    return tokens[3:] if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else tokens


def _fence(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return code(tokens[index].content, tokens[index].info.strip())


def _table_open(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>\n'


def _table_close(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _hide_empty_head(state: Any) -> None:
    """Tables of two columns often have no words above them; then they get no row of empty headers."""
    tokens: list[Token] = state.tokens
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        if tokens[index].type == "thead_open":
            end = next(n for n in range(index, len(tokens)) if tokens[n].type == "thead_close")
            if not any(token.content.strip() for token in tokens[index:end]):
                index = end + 1
                continue
        kept.append(tokens[index])
        index += 1
    state.tokens = kept


_SPANS = HtmlFormatter(nowrap=True)
_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_PARSER.core.ruler.push("headless_tables", _hide_empty_head)
_PARSER.add_render_rule("fence", _fence)
_PARSER.add_render_rule("table_open", _table_open)
_PARSER.add_render_rule("table_close", _table_close)
