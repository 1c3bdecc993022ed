"""Evidence: every figure and fact of a city page names the sentence of the text that states it."""

import re

from jobboard.text import paragraphs


def states(body: str, sentence: str) -> bool:
    """Whether `sentence` stands inside one paragraph of the Markdown text `body`.

    Letter for letter, but for the kind of white space, which nobody sees.
    """
    sentence = " ".join(sentence.split())
    return bool(sentence) and any(sentence in " ".join(paragraph.split()) for paragraph in paragraphs(body))


def amounts(sentence: str) -> set[int]:
    """The whole numbers that a sentence names: 2.800 as 2800."""
    return {int(re.sub(r"\D", "", found)) for found in re.findall(r"\d{1,3}(?:[.\u202f\u00a0 ]\d{3})+|\d+", sentence)}
