"""Text: folding for comparison, German slugs, Markdown to safe HTML and to plain paragraphs."""

import re
import unicodedata
from itertools import filterfalse

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "code", "fence"])
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr", "a", "h3", "code"}
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"})


def fold(text: str) -> str:
    """For comparing and sorting: lower case, no accents, ß as ss, umlauts and their ae/oe/ue spellings alike."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = "".join(filterfalse(unicodedata.combining, text))
    text = re.sub(r"([aou])e+", r"\1", text)
    words = (
        word.rstrip(".") for word in re.sub(r"[^\w#+.]+", " ", text).split()
    )  # .net keeps its dot, "erp." does not
    return " ".join(word for word in words if word)


def german_slug(text: str, empty: str = "", length: int = 80) -> str:
    """Lower-case ASCII with ä as ae; `empty` where nothing is left."""
    return slugify(unicodedata.normalize("NFC", text).translate(_GERMAN).replace("_", "-"))[:length].strip("-") or empty


def parse(source: str) -> list:
    """The tokens of a Markdown text."""
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"  # the page owns the levels above
    return tokens


def markdown(source: str) -> SafeString:
    """Markdown as people type it, as sanitised HTML; links are marked as not ours."""
    return to_html(parse(source))


def to_html(tokens: list) -> SafeString:
    """Tokens of parse() as sanitised HTML. Only who adds tokens can add a <span> with an id: nobody can type one."""
    return mark_safe(  # noqa: S308 (sanitised right here)
        nh3.clean(
            _markdown.renderer.render(tokens, _markdown.options, {}),
            tags=_TAGS | {"span"},
            attributes={"a": {"href"}, "span": {"id"}},
            url_schemes={"https", "http", "mailto"},
            link_rel="nofollow noopener ugc",
        )
    )


def paragraphs(source: str) -> list[str]:
    """The plain text of each paragraph and list item of a Markdown text, white space folded."""
    found = []
    for token in parse(source):
        if token.type == "inline":
            text = "".join(
                child.content if child.type in ("text", "code_inline") else " "
                for child in token.children or []
                if child.type in ("text", "code_inline", "softbreak", "hardbreak")
            )
            found.append(re.sub(r"[ \t\n]+", " ", text).strip())
    return [text for text in found if text]


def count_words(source: str) -> int:
    return sum(len(re.findall(r"[\w€%]+(?:[-–.:*/][\w]+)*", text)) for text in paragraphs(source))
