"""Evidence: every figure and fact of a city page names the sentence of the text that states it."""

from jobboard.text import paragraphs


def states(body: str, sentence: str) -> bool:
    """Whether `sentence` stands inside one paragraph of the Markdown text `body`.

    Letter for letter, but for the kind of white space, which nobody sees.
    """
    sentence = " ".join(sentence.split())
    return bool(sentence) and any(sentence in " ".join(paragraph.split()) for paragraph in paragraphs(body))
