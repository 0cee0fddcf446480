"""The inner loops of the FASTQ reader.

Most records look like the one before: the ends of sequence and quality are guessed from its length and
the guess is proved (no line end within), which lets whole lines be checked at once.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel, lean, signed
from abscope.records import Letters

FINE, BAD_HEADER, BAD_PLUS, BAD_LENGTH, BAD_QUALITY = range(5)

_UNFINISHED = -1
_NEWLINE, _RETURN, _PLUS, _AT, _SLASH, _ONE, _TWO = 10, 13, 43, 64, 47, 49, 50
_LOWEST, _HIGHEST = 33, 126


@kernel
def parse(text: Letters, most: int, ended: bool) -> tuple[NDArray[np.int64], int, int]:
    """Index up to `most` records.

    ended: no bytes follow, so a last line needs no end. Returns records (see Block), the bytes they
    take, and FINE or what is wrong with the record after them.
    """
    records = np.empty((most, 4), dtype=np.int64)
    found, used, guess = 0, 0, 0
    while found < most:
        used = _skip_blank(text, used, ended)
        if used >= len(text):
            break
        if text[used] != _AT:
            return records[:found], used, BAD_HEADER
        after, problem = _record(text, used, guess, ended, records[found])
        if problem != FINE:
            return records[:found], used, problem
        if after == _UNFINISHED:
            break
        guess = records[found, 2]
        used = after
        found += 1
    return records[:found], used, FINE


@lean
def _skip_blank(text: Letters, at: int, ended: bool) -> int:
    """Step over blank lines at the end of a file."""
    if not ended or at >= len(text) or text[at] == _AT:
        return at
    end = at
    while end < len(text) and (text[end] == _NEWLINE or text[end] == _RETURN):
        end += 1
    return end if end == len(text) else at


@lean
def _line(text: Letters, start: int, ended: bool) -> tuple[int, int]:
    """End of a line without its line end, and the start of the next; (-1, -1) if it is unfinished."""
    end = start
    while end < len(text) and text[end] != _NEWLINE:
        end += 1
    if end == len(text) and not ended:
        return _UNFINISHED, _UNFINISHED
    following = end + 1
    if end > start and text[end - 1] == _RETURN:
        end -= 1
    return end, following


@lean
def _record(
    text: Letters, start: int, guess: int, ended: bool, row: NDArray[np.int64]
) -> tuple[int, int]:
    """Fill in one record; return where the next begins (-1: unfinished) and a problem."""
    _, sequence = _line(text, start, ended)
    if sequence == _UNFINISHED:
        return _UNFINISHED, FINE
    if _guess_holds(text, sequence, guess):
        length, quality = guess, sequence + guess + 3
        end, after = quality + guess, quality + guess + 1
    else:
        length, quality, problem = _by_line(text, sequence, ended)
        if quality == _UNFINISHED:
            return _UNFINISHED, problem
        end, after = _line(text, quality, ended)
    if end == _UNFINISHED:
        return _UNFINISHED, FINE
    row[0], row[1], row[2], row[3] = start + 1, sequence, length, quality
    return min(after, len(text)), _verdict(text, quality, end, length)


@lean
def _by_line(text: Letters, sequence: int, ended: bool) -> tuple[int, int, int]:
    """Length of the sequence line and start of the qualities (-1: unfinished), and a problem."""
    sequence_end, plus = _line(text, sequence, ended)
    if plus == _UNFINISHED:
        return 0, _UNFINISHED, FINE
    if plus >= len(text) or text[plus] != _PLUS:
        return 0, _UNFINISHED, BAD_PLUS if ended or plus < len(text) else FINE
    _, quality = _line(text, plus, ended)
    return sequence_end - sequence, min(quality, len(text)), FINE


@lean
def _guess_holds(text: Letters, sequence: int, guess: int) -> bool:
    """Whether the sequence line has `guess` letters, then come '+' alone and as many qualities."""
    end = sequence + guess
    last = end + 3 + guess
    if guess == 0 or last >= len(text):
        return False
    if text[end] != _NEWLINE or text[end + 1] != _PLUS or text[end + 2] != _NEWLINE:
        return False
    if text[last] != _NEWLINE or text[last - 1] == _RETURN:
        return False
    lines = 0
    for i in range(sequence, end):
        lines += text[i] == _NEWLINE
    for i in range(end + 3, last):
        lines += text[i] == _NEWLINE
    return lines == 0


@lean
def _verdict(text: Letters, quality: int, end: int, length: int) -> int:
    if end - quality != length:
        return BAD_LENGTH
    odd = 0
    for i in range(quality, end):
        odd += (text[i] < _LOWEST) | (text[i] > _HIGHEST)
    return BAD_QUALITY if odd else FINE


@lean
def quality_range(text: Letters, records: NDArray[np.int64]) -> tuple[int, int]:
    """Lowest and highest quality letter of a block."""
    lowest, highest = _HIGHEST, _LOWEST
    for k in range(len(records)):
        for i in range(records[k, 3], records[k, 3] + records[k, 2]):
            lowest = min(lowest, signed(text[i]))
            highest = max(highest, signed(text[i]))
    return lowest, highest


@lean
def first_unlike(
    texts: tuple[Letters, Letters], records: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> int:
    """First record whose mates have different names up to a space or a /1 /2 ending; -1 if none."""
    for k in range(len(records[0])):
        one, two = records[0][k, 0], records[1][k, 0]
        i = 0
        while texts[0][one + i] == texts[1][two + i] and texts[0][one + i] > 32:
            i += 1
        if not (_name_ends(texts[0], one + i) and _name_ends(texts[1], two + i)):
            return k
    return -1


@lean
def _name_ends(text: Letters, at: int) -> bool:
    """Whether a name ends here, or here but for the mate's number (a difference, so after a '/')."""
    if text[at] <= 32:
        return bool(text[at - 1] != _SLASH)
    numbered = text[at] == _ONE or text[at] == _TWO
    return bool(text[at - 1] == _SLASH and numbered and text[at + 1] <= 32)


@lean
def mostly_same(
    texts: tuple[Letters, Letters], records: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> bool:
    """Whether every read has the same letters as its mate."""
    for k in range(min(len(records[0]), len(records[1]))):
        if records[0][k, 2] != records[1][k, 2]:
            return False
        for i in range(records[0][k, 2]):
            if texts[0][records[0][k, 1] + i] != texts[1][records[1][k, 1] + i]:
                return False
    return True
