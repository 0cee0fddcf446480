"""Every error raised on purpose, as a tree.

AbscopeError              exit 1 unless said otherwise
├── DataError             your data
│   ├── FormatError       a file is not what its format says
│   ├── TableError        rows or columns break the vocabulary
│   ├── SampleError       one isolate cannot be profiled; the others go on
│   └── OrganismError     an organism folder is incomplete or contradicts itself
├── ReferenceMissingError a reference sequence is needed and not installed
├── DownloadError         an archive did not give what it was asked for
├── AccessError           whoever asks is not known, or may not do or see this
├── UsageError            exit 2: the command cannot be understood as written
├── StorageError          a folder or disk does not let us write
└── ToolError             exit 3: an outside program is missing or failed

Each says what (file, row, value) in its message, and what to do in its hint.
"""

from collections.abc import Sequence
from typing import Self


class AbscopeError(Exception):
    """Something abscope can explain: a message, and a hint on what to do."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders with the hint."""
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[AbscopeError], message: str, hint: str) -> AbscopeError:
    return kind(message, hint=hint)


class DataError(AbscopeError):
    """The data given cannot be used as they are."""

    @classmethod
    def collect(cls, what: str, problems: Sequence[str], *, hint: str = "") -> Self:
        """Make one error of all `problems`."""
        noun = "problem" if len(problems) == 1 else "problems"
        lines = "".join(f"\n  {problem}" for problem in problems)
        return cls(f"{what}: {len(problems)} {noun}{lines}", hint=hint)


class FormatError(DataError):
    """A file is not what its format says it should be."""


class TableError(DataError):
    """Rows or columns break the vocabulary; the message lists every problem."""


class SampleError(DataError):
    """One isolate cannot be profiled; the others go on."""


class OrganismError(DataError):
    """An organism folder is incomplete or contradicts itself."""


class ReferenceMissingError(AbscopeError):
    """A reference sequence is needed and is not installed."""


class DownloadError(AbscopeError):
    """An archive could not be reached, or did not give what it was asked for."""


class AccessError(AbscopeError):
    """Whoever asks is not known, or may not do or see this."""


class UsageError(AbscopeError):
    """The command cannot be understood as written."""

    exit_code = 2


class StorageError(AbscopeError):
    """A folder or a disk does not let us write."""


class ToolError(AbscopeError):
    """An outside program or library is missing, or failed."""

    exit_code = 3
