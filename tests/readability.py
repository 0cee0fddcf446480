"""How hard a text is to read: school years in English, a scale of ease in Spanish."""

import re

_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")
_SPANISH = re.compile(r"[aeoáéó](?:[iuy](?![aeoáéó]))?|[íú]|[iuü]+[aeoáéó]?[iuy]?")


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())


def sentences_in(text: str) -> int:
    return max(len([part for part in _SENTENCE.split(text) if words_of(part)]), 1)


def grade(text: str) -> float:
    """Flesch-Kincaid grade: years of school in the United States (Kincaid and others 1975)."""
    words = words_of(text)
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences_in(text) + 11.8 * syllables / len(words) - 15.59


def ease(text: str) -> float:
    """Szigriszt-Pazos 1993: 0 hard to 100 easy; 65 and more is easy on the INFLESZ scale."""
    words = words_of(text)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences_in(text)


def english_syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end not counted."""
    groups = len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e$", "", word)))
    return max(groups, 1)


def spanish_syllables(word: str) -> int:
    """Vowels, two of which are one where one of them is an unstressed i or u."""
    return max(len(_SPANISH.findall(re.sub(r"qu|gu(?=[eiéí])", "k", word))), 1)
