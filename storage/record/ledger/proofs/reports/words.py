"""The list of 4,096 common words of two characters from which receipts in words are made; nothing else lives here."""

from importlib.resources import files

COUNT, SIGNS = 4_096, 2


def read_words(text: str) -> tuple[str, ...]:
    """The words of a list: the first line says how it was made, every other line holds words and spaces."""
    return tuple(word for line in text.splitlines()[1:] for word in line.split())


WORDS = read_words(files(__package__).joinpath("words.txt").read_text(encoding="utf-8"))
"""In the order of the file, which never changes: a word's place is its number of twelve bits."""
NUMBERS = {word: number for number, word in enumerate(WORDS)}
