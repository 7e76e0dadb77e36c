"""Django's templates in every language: one engine each, whose sources are translated when they are loaded, once.

Translating the source costs nothing when a page is drawn, and leaves 250 templates readable: see docs/decisions/0010.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template import Origin, TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context
from django.template.engine import Engine
from django.template.loaders.app_directories import Loader
from django.utils.safestring import SafeString
from jinja2 import BaseLoader, Environment

from headway.basics.language import SOURCE, language
from headway.basics.language.catalogue import catalogue
from headway.web.language.messages import rewritten

OURS = "/headway/web/templates/"


def translated(source: str, code: str, jinja: bool = False) -> str:
    """The source of a template in a language; what the catalogue lacks stays English."""
    return rewritten(source, partial(_said, catalogue(code).whole), jinja)


def _said(known: Mapping[str, str], message: str) -> str:
    return known.get(message, "")


def translated_mail(source: str, code: str) -> str:
    """The source of a mail in plain text, line by line."""
    known = catalogue(code).whole
    return "".join(_line(known, part) for part in re.split(r"(\{%.*?%\}|\n)", source))


def _line(known: Mapping[str, str], part: str) -> str:
    plain = part.strip()
    holes = re.findall(r"\{\{.*?\}\}", plain)
    message = plain
    for place, hole in enumerate(holes):
        message = message.replace(hole, f"{{{place}}}", 1)
    said = known.get(message, "") if plain and not plain.startswith("{%") else ""
    for place, hole in enumerate(holes):
        said = said.replace(f"{{{place}}}", hole)
    return part.replace(plain, said) if said else part


class TranslatingLoader(Loader):
    """Loads templates as the application's own loader does, and translates ours."""

    def __init__(self, engine: Engine, code: str) -> None:
        super().__init__(engine)
        self.code = code

    def get_contents(self, origin: Origin) -> str:
        """The source of a template in this loader's language."""
        source = str(super().get_contents(origin))
        name = str(origin.name).replace("\\", "/")
        if OURS not in name:
            return source
        return translated_mail(source, self.code) if name.endswith(".txt") else translated(source, self.code)


class SpokenTemplate(Template):
    """A template whose bare figures keep the form that browsers and drawings need, in every language."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """The page; `{{ 0.5 }}` is 0.5, also where people write 0,5: what they read goes through our filters."""
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        made.use_l10n = False
        try:
            return self.template.render(made)
        except TemplateDoesNotExist as missing:
            reraise(missing, self.backend)
            raise


class SpokenTemplates(DjangoTemplates):
    """The backend of TEMPLATES: `engine` is the one of the language spoken now."""

    def __init__(self, params: dict[str, Any]) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(params)

    @property
    def engine(self) -> Engine:
        """The engine of the language spoken now, made when it is first asked for."""
        code = language()
        if code not in self._engines:
            self._engines[code] = self._made(code)
        return self._engines[code]

    @engine.setter
    def engine(self, made: Engine) -> None:
        self._engines[SOURCE] = made

    def _made(self, code: str) -> Engine:
        known = self._engines[SOURCE]
        loaders = [
            ("django.template.loaders.cached.Loader", [("headway.web.language.backend.TranslatingLoader", code)])
        ]
        return Engine(
            dirs=known.dirs, app_dirs=False, context_processors=known.context_processors, debug=known.debug,
            loaders=loaders, string_if_invalid=known.string_if_invalid, file_charset=known.file_charset,
            libraries=known.libraries, builtins=known.builtins, autoescape=known.autoescape,
        )  # fmt: skip

    def from_string(self, template_code: str) -> SpokenTemplate:
        """A template of a source."""
        return SpokenTemplate(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> SpokenTemplate:
        """A template by its name, in the language spoken now."""
        try:
            return SpokenTemplate(self.engine.get_template(template_name), self)
        except TemplateDoesNotExist as missing:
            reraise(missing, self)
            raise


class TranslatingParts(BaseLoader):
    """Jinja's loader of our parts, in one language."""

    def __init__(self, loader: BaseLoader, code: str) -> None:
        self.loader, self.code = loader, code

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Any]:
        """The source of a part in this loader's language."""
        source, file, current = self.loader.get_source(environment, template)
        return (source if self.code == SOURCE else translated(source, self.code, jinja=True)), file, current
