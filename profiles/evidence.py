"""Evidence: every figure and fact of a city page names the sentence of the text that states it."""

from jobboard.text import paragraphs


def states(body: str, sentence: str) -> bool:
    """Whether `sentence` stands, letter for letter, inside one paragraph of the Markdown text `body`."""
    sentence = " ".join(sentence.split(" ")).strip()
    return bool(sentence) and any(sentence in paragraph for paragraph in paragraphs(body))
