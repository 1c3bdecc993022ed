"""HTML of other systems as the board's Markdown, and which part of an ad each piece of it is."""

import re
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from itertools import groupby

import nh3

from jobboard.forms import clean_characters
from jobboard.text import fold, paragraphs

BOLD_LINE, PLAIN_LINE = 7, 8  # levels of lines that head a section without being a heading
DEEPEST = 5  # lists within lists are shown; further ones stand beside each other
_BLOCKS = {"p", "div", "ul", "ol", "li", "blockquote", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE = {"br", "strong", "b", "em", "i", "a", "td", "th"}
_WITH_CONTENT = {  # gone with all they hold
    "script", "style", "title", "noscript", "iframe", "object", "svg", "math", "template", "textarea", "select",
    "button",
}  # fmt: skip
_BULLET = re.compile(r"^[•·▪●◦‣✓✔➔→*–—-][ \u00a0]+")
_SUSPECT = re.compile(r"[*_`\[\]<>&\\#~!]|^\s*(?:[-+=]|\d+[.)])", re.M)
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>&~])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+#=>])", re.M)

# Headings of ads, as firms write them; compared folded, the longest that fits decides.
HEADINGS = {
    "tasks": """
        Aufgaben|Aufgabe|Aufgabengebiet|Aufgabenbereich|Aufgabenbeschreibung|Aufgabenschwerpunkte|Hauptaufgaben|Kernaufgaben
        Tätigkeit|Tätigkeiten|Tätigkeitsbeschreibung|Stellenbeschreibung|Jobbeschreibung|Verantwortung|Verantwortlichkeiten
        Was Sie tun|Was du tust|Was Sie bei uns tun|Was du bei uns tust|Was Sie machen|Was du machst|Was zu tun ist
        Was Sie erwartet|Was dich erwartet|Das erwartet Sie|Das erwartet dich|Ihr Job|Dein Job|Der Job|Ihre Rolle|Deine Rolle
        Das machen Sie|Das machst du|Ihr Alltag|Dein Alltag|Ihre Mission|Deine Mission|Worum es geht|Darum geht es
        Was Sie bewegen|Was du bewegst|Was Sie bewirken|Das bewegen Sie|Das bewegst du|Ihr Wirkungskreis|Wofür wir Sie suchen
        So bringen Sie sich ein|So bringst du dich ein|Einsatzgebiet
        Tasks|Responsibilities|Your role|Your mission|What you will do|What you'll do|Job description
    """,
    "profile": """
        Profil|Anforderungen|Anforderungsprofil|Anforderung|Qualifikation|Qualifikationen|Voraussetzungen|Kenntnisse
        Was Sie mitbringen|Was du mitbringst|Das bringen Sie mit|Das bringst du mit|Sie bringen mit|Du bringst mit
        Was wir erwarten|Was wir uns wünschen|Was wir suchen|Wen wir suchen|Das wünschen wir uns|Wir wünschen uns|Wir erwarten
        Das zeichnet Sie aus|Das zeichnet dich aus|Was Sie auszeichnet|Was dich auszeichnet|Das sind Sie|Das bist du
        Ihr Hintergrund|Dein Hintergrund|Ihre Stärken|Deine Stärken|Ihr Können|Damit überzeugen Sie|Damit überzeugst du
        Wer Sie sind|Wer du bist|So passen Sie zu uns|So passt du zu uns|Das sollten Sie mitbringen|Das solltest du mitbringen
        Requirements|Qualifications|Your profile|What you bring|What you'll bring|Who you are|Skills
    """,
    "offer": """
        Angebot|Unser Angebot|Wir bieten|Wir bieten Ihnen|Wir bieten dir|Was wir bieten|Das bieten wir|Was wir Ihnen bieten
        Das bieten wir Ihnen|Das bieten wir dir|Unsere Leistungen|Leistungen|Benefits|Ihre Benefits|Deine Benefits|Vorteile
        Ihre Vorteile|Deine Vorteile|Darauf können Sie sich freuen|Darauf kannst du dich freuen|Freuen Sie sich auf|Freu dich auf
        Das erwartet Sie bei uns|Das erwartet dich bei uns|Was Sie bei uns erwartet|Was dich bei uns erwartet
        Warum wir|Warum Sie zu uns kommen sollten|Das spricht für uns|Gute Gründe|Ihre Perspektive|Deine Perspektive|Perspektiven
        Was für uns spricht|Wir geben Ihnen|Rahmenbedingungen|Konditionen|Was Sie von uns erwarten können
        We offer|What we offer|Our offer|Your benefits|Perks
    """,
}
_SECTIONS = {
    fold(words): section
    for section, lines in HEADINGS.items()
    for line in lines.split("\n")
    for words in line.split("|")
}
_SECTIONS.pop("")
MOST_WORDS = max(len(words.split()) for words in _SECTIONS)
LONGEST_HEADING = 80


@dataclass(frozen=True)
class Run:
    """A piece of a line in one look."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """level: of a heading. markdown: with the indent of its list, where it is an item."""

    kind: str  # heading, text or item
    markdown: str
    plain: str = ""
    level: int = 0


@dataclass
class Sections:
    tasks: str = ""
    profile: str = ""
    offer: str = ""
    found: set[str] = field(default_factory=set)  # those that a heading names


def section_of(heading: str, *, is_line: bool = False) -> str:
    """Which section a heading begins; "" for none. `is_line`: it is no heading by its looks, so it must be one by its words."""
    if len(heading) > LONGEST_HEADING:
        return ""
    words = fold(heading).split()
    parts = (words[start:end] for start in range(len(words)) for end in range(start + 1, start + MOST_WORDS + 1))
    known = [part for part in map(" ".join, parts) if part in _SECTIONS]
    if not known or (is_line and not heading.rstrip().endswith(":") and " ".join(words) not in known):
        return ""
    return _SECTIONS[max(known, key=len)]


def sections(text: str) -> Sections:
    """A description cut into what to do, what to bring and what there is for it.

    What stands before the first heading that is known goes to the tasks, like the whole of a text without one.
    """
    blocks = _blocks(text)
    known = [(block, section_of(block.plain)) for block in blocks if block.kind == "heading"]
    levels = [block.level for block, section in known if section]
    # Where two sections are headed alike, what looks different is a heading inside of one.
    level = next((each for each in sorted(set(levels)) if levels.count(each) > 1), None)
    parts: dict[str, list[Block]] = {"tasks": [], "profile": [], "offer": []}
    found, current = set(), "tasks"
    for block in blocks:
        section = section_of(block.plain) if block.kind == "heading" and level in (None, block.level) else ""
        if section:
            current = section
            found.add(section)
        else:
            parts[current].append(block)
    return Sections(**{name: _joined(each) for name, each in parts.items()}, found=found)


def to_markdown(text: str) -> str:
    """The whole of a text, under no heading of ours."""
    return _joined(_blocks(text))


def _joined(blocks: list[Block]) -> str:
    text, before = "", None
    for block in blocks:
        markdown = f"### {block.markdown}" if block.kind == "heading" and block.level < BOLD_LINE else block.markdown
        gap = "\n" if before and before.kind == block.kind == "item" else "\n\n"
        text, before = f"{text}{gap if text else ''}{markdown}", block
    return text


def _blocks(text: str) -> list[Block]:
    if not re.search(r"<[a-zA-Z/!]", text) and re.search(r"&lt;/?[a-zA-Z]", text):
        text = unescape(text)  # escaped twice
    text = clean_characters(text).replace("\x00", "")
    if not re.search(r"<[a-zA-Z/!]", text):
        text = re.sub(r"\n(?:[^\S\n]*\n)+", "<p>", text).replace("\n", "<br>")
    writer = _Writer()
    # First by nh3, which reads whatever browsers read: what comes out is well formed.
    writer.feed(
        nh3.clean(
            text,
            tags=_BLOCKS | _INLINE,
            clean_content_tags=_WITH_CONTENT,
            attributes={"a": {"href"}},
            url_schemes={"https", "http", "mailto"},
            link_rel=None,
        )
    )
    writer.close()
    writer.flush()
    return writer.blocks


class _Writer(HTMLParser):
    """Well-formed HTML to blocks of Markdown."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.lines: list[list[Run]] = [[]]
        self.bold = self.italic = 0
        self.href = ""
        self.heading = 0
        self.lists: list[list] = []  # of each list around: its next number (0 for bullets), the width of its last mark
        self.is_new_item = False

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            self.lines.append([])
        elif tag in ("strong", "b"):
            self.bold += 1
        elif tag in ("em", "i"):
            self.italic += 1
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""
        elif tag in ("td", "th"):
            self.handle_data(" ")
        elif tag in _BLOCKS:
            self.flush()
            if tag in ("ul", "ol"):
                self.lists.append([1 if tag == "ol" else 0, 0])
            elif tag == "li":
                self.is_new_item = True
            elif tag[0] == "h" and tag[1:].isdigit():
                self.heading = int(tag[1:])

    def handle_endtag(self, tag):
        if tag in ("strong", "b"):
            self.bold -= 1
        elif tag in ("em", "i"):
            self.italic -= 1
        elif tag == "a":
            self.href = ""
        elif tag in _BLOCKS:
            self.flush()
            self.heading = 0
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()

    def handle_data(self, data):
        self.lines[-1].append(Run(data, self.bold > 0, self.italic > 0, self.href))

    def flush(self):
        lines = [line for runs in self.lines if (line := _tidy(runs))]
        self.lines = [[]]
        if not lines:
            return
        if self.heading and not self.lists:
            runs = [run for line in lines for run in [*line, Run(" ")]]
            plain = _plain(_tidy(runs))
            self.blocks.append(Block("heading", _markdown([[Run(plain)]]), plain, self.heading))
        elif self.lists:
            self._item(lines)
        else:
            self._text(lines)

    def _text(self, lines: list[list[Run]]):
        """A paragraph, where lines of it may be headings or items by their looks."""

        def kind(line):
            if section_of(_plain(line), is_line=not all(run.bold for run in line)):
                return "heading"
            return "item" if _BULLET.match(_plain(line)) else "text"

        for what, group in groupby(lines, key=kind):
            each = list(group)
            if what == "text":
                self.blocks.append(Block("text", _markdown(each)))
            for line in each if what != "text" else []:
                if what == "heading":
                    level = BOLD_LINE if all(run.bold for run in line) else PLAIN_LINE
                    self.blocks.append(Block("heading", _markdown([line]), _plain(line), level))
                else:
                    rest = [Run(_BULLET.sub("", line[0].text), line[0].bold, line[0].italic, line[0].href), *line[1:]]
                    self.blocks.append(Block("item", f"- {_markdown([_tidy(rest)])}"))

    def _item(self, lines: list[list[Run]]):
        around = sum(width for _, width in self.lists[:-1][:DEEPEST])
        number, width = self.lists[-1]
        if self.is_new_item or not width:
            mark = f"{number}. " if number else "- "
            self.lists[-1] = [number + 1 if number else 0, len(mark)]
            start, width = " " * around + mark, len(mark)
        else:
            start = " " * (around + width)
        self.is_new_item = False
        indent = "\n" + " " * (around + width)
        self.blocks.append(Block("item", start + _markdown(lines).replace("\n", indent)))


def _tidy(runs: list[Run]) -> list[Run]:
    """White space folded, pieces of one look together."""
    found: list[Run] = []
    for (bold, italic, href), group in groupby(runs, key=lambda run: (run.bold, run.italic, run.href)):
        text = re.sub(r"\s+", " ", "".join(run.text for run in group))
        if text.startswith(" ") and (not found or found[-1].text.endswith(" ")):
            text = text[1:]
        if text:
            found.append(Run(text, bold, italic, href))
    while found and not (last := found[-1].text.rstrip()):
        found.pop()
    if found:
        found[-1] = Run(last, found[-1].bold, found[-1].italic, found[-1].href)
    return [run if run.text.strip() else Run(" ") for run in found]


def _plain(runs: list[Run]) -> str:
    return "".join(run.text for run in runs)


def _markdown(lines: list[list[Run]]) -> str:
    """With no more backslashes than it takes for a reader to see what the HTML says."""
    has_looks = any(run.bold or run.italic or run.href for line in lines for run in line)
    expected = " ".join(map(_plain, lines))
    if not has_looks and not _SUSPECT.search("\n".join(map(_plain, lines))):
        return "\n".join(map(_plain, lines))
    for escaped, looks in ((False, True), (True, True), (True, False)):
        text = "\n".join(_line(line, escaped, looks) for line in lines)
        if paragraphs(text) == [" ".join(expected.split())]:
            return text
    return text


def _line(runs: list[Run], escaped: bool, looks: bool) -> str:
    text = ""
    for number, run in enumerate(runs):
        inner, after = run.text.strip(), runs[number + 1].text[:1] if number + 1 < len(runs) else ""
        lead, tail = (" " if run.text[:1] == " " else ""), (" " if run.text[-1:] == " " else "")
        if not inner:
            text += " "
            continue
        mark = ("**" if run.bold else "") + ("*" if run.italic else "")
        if escaped:
            inner = _PUNCTUATION.sub(r"\\\1", inner)
        if looks and run.href:
            address = escape(run.href, quote=False).replace("&amp;", "&")
            address = re.sub(r"[()\s<>\\]", lambda found: f"%{ord(found.group()):02X}", address)
            inner = f"[{inner}]({address})"
        elif looks and mark and _can_stand(text + lead, inner, tail + after):
            inner = f"{mark}{inner}{mark}"
        text += lead + inner + tail
    return (
        _LINE_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)
        if escaped
        else text
    )


def _can_stand(before: str, inner: str, after: str) -> bool:
    """Whether stars around `inner` would be taken for emphasis; CommonMark asks what stands on either side."""

    def is_word(char):
        return char.isalnum()

    opens = is_word(inner[0]) or not before or not is_word(before[-1])
    closes = is_word(inner[-1]) or not after or not is_word(after[0])
    return opens and closes and before[-1:] != "*" and after[:1] != "*"
