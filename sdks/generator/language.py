"""What a language hands the driver, and how its templates are filled."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2

import errors
from contract import Api
from names import camel, pascal, singular, snake

TEMPLATES = Path(__file__).parent / "templates"
MARK = "Made by sdks/generator from the API's contract"
"""In the first lines of every generated file; a file with it that is not made any more is removed."""


@dataclass(frozen=True, slots=True)
class Language:
    """One SDK.

    Templates see `api` (contract.Api), `errors` (the module), `language`, and the filters below beside its own.
    """

    name: str
    """Of its folder under sdks/ and under templates/."""
    files: Mapping[str, str]
    """Template by the path that it makes, below the SDK's folder."""
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    each: Mapping[str, tuple[str, Callable[[Api], Mapping[str, Any]]]] = field(default_factory=dict)
    """Template by a path with `{name}`, and what it is filled for: `item` by name."""
    format: Callable[[str, str], str] = lambda path, text: text
    """The language's own formatter (path, text → text), if it has one that always runs."""

    def render(self, api: Api) -> dict[str, str]:
        """The text of each generated file by its path below the SDK's folder."""
        templates = environment(self.name, self.filters)
        made = {}
        for path, template in self.files.items():
            text = templates.get_template(template).render(api=api, language=self, mark=MARK)
            made[path] = self.format(path, text)
        for pattern, (template, items) in self.each.items():
            for name, item in items(api).items():
                path = pattern.format(name=name)
                text = templates.get_template(template).render(api=api, item=item, mark=MARK)
                made[path] = self.format(path, text)
        return made

    def readme_table(self, api: Api) -> str:
        """The methods, for the README: `templates/<name>/methods.md.jinja`."""
        return self.__class__(self.name, {"": "methods.md.jinja"}, self.filters).render(api)[""]


def environment(folder: str, filters: Mapping[str, Callable[..., Any]]) -> jinja2.Environment:
    """The templates of a folder, with the filters that all share."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES / folder, TEMPLATES]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # source code, not HTML
    )
    made.globals["errors"] = errors
    made.filters |= {"pascal": pascal, "camel": camel, "snake": snake, "singular": singular, "json": json.dumps}
    made.filters |= filters
    return made
