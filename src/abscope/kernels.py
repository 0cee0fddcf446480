"""How inner loops are compiled: Numba, cached on disk, free of the interpreter's lock.

And two instructions of the processor that Python has no word for.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")

Index = Any
"""A 64-bit number within a kernel, where Numba knows which, and mypy sees the `int` of a range."""

signed: Callable[[Any], int] = np.int64  # type: ignore[assignment]
"""A number as a signed 64-bit one: within kernels, unsigned and signed would mix into floats."""

_OPTIONS = {"nogil": True, "error_model": "numpy"}

_LEAN = {"_nrt": False}
"""Numba's own switch against counting who holds an array: each count is an atomic instruction, and a
slice makes two, which took half of the time of mapping a read. Only for kernels that make no array."""


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first use; kept in Numba's cache where any of its folders can be written."""
    return _cached(function, _OPTIONS)


def lean(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a kernel that neither makes an array nor hands one back."""
    return _cached(function, _OPTIONS | _LEAN)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a lean kernel into those that call it: a call that hands arrays on costs more than its work."""
    return numba.njit(forceinline=True, **_OPTIONS, **_LEAN)(function)  # type: ignore[no-any-return]


@intrinsic
def popcount(typing: Any, word: Any) -> Any:
    """Bits set in a word: the processor's own instruction where it has one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return numba.types.uint64(numba.types.uint64), generate


@intrinsic
def lowest(typing: Any, word: Any) -> Any:
    """The place of the lowest bit set in a word; 64 in an empty one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero_is_poison = context.get_constant(numba.types.boolean, False)
        return builder.cttz(arguments[0], zero_is_poison)

    return numba.types.uint64(numba.types.uint64), generate


def _cached(function: Callable[P, R], options: dict[str, Any]) -> Callable[P, R]:
    compiled = partial(numba.njit, **options)
    try:
        return compiled(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # no cache folder can be written: compile afresh in every process
        return compiled()(function)  # type: ignore[no-any-return]


def _forget_stale(room: Path) -> None:
    """Drop compiled kernels older than any source of their room.

    Numba looks only at the file a kernel is written in, and would keep what it calls in other files.
    """
    newest = max(source.stat().st_mtime for source in room.glob("*.py"))
    for compiled in (room / "__pycache__").glob("*.nbi"):
        with suppress(OSError):  # another process did it, or the folder is read-only
            if compiled.stat().st_mtime < newest:
                compiled.unlink()


for _compiled in Path(__file__).parent.glob("*/__pycache__"):
    _forget_stale(_compiled.parent)
