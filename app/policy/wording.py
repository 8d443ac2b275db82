"""From a document to what people read: the operator's facts filled in, as Markdown and as HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

PLACEHOLDER = re.compile(r"\{(controller|address|contact|service|backup_days)\}")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#|!&~])")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the placeholders of a document stand for."""

    controller: str
    """Who answers for the processing (Art. 4(7) GDPR)."""
    address: str
    contact: str
    """Where people write to."""
    service: str
    backup_days: int
    """How long backups live."""

    def fill(self, text: str) -> str:
        """Return Markdown with the placeholders filled; what is filled in is text, and never markup."""
        return PLACEHOLDER.sub(lambda found: _MARKUP.sub(r"\\\1", str(getattr(self, found[1]))), text)


class _Renderer(RendererHTML):
    """Links tell nobody where people come from (policy, P24); headings can be linked to."""

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        tokens[index].attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, index, options, env)

    def heading_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        tokens[index].attrSet("id", re.sub(r"[^a-z0-9]+", "-", tokens[index + 1].content.lower()).strip("-"))
        return self.renderToken(tokens, index, options, env)


_markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


@lru_cache(maxsize=64)
def html_of(text: str) -> str:
    """Return Markdown as HTML; tags in it are text."""
    return str(_markdown.render(text))


def inline_html_of(text: str) -> str:
    """Return one line of Markdown as HTML without a paragraph around it."""
    return str(_markdown.renderInline(text))
