"""How this room compiles its inner loops, and two instructions that Python has no word for."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from numba import njit, types
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")

Index = Any
"""A 64-bit number within a kernel, where Numba knows which, and mypy sees the `int` of a range."""


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on first use, free of the interpreter's lock; kept where a cache can be written."""
    try:
        return njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # no cache folder can be written: compile afresh in every process
        return njit(nogil=True)(function)  # type: ignore[no-any-return]


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile into the kernels that call it."""
    return njit(nogil=True, forceinline=True)(function)  # type: ignore[no-any-return]


@intrinsic
def popcount(typing: Any, word: Any) -> Any:
    """Bits set in a word: the processor's own instruction where it has one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def lowest(typing: Any, word: Any) -> Any:
    """The place of the lowest bit set in a word; 64 in an empty one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero_is_poison = context.get_constant(types.boolean, False)
        return builder.cttz(arguments[0], zero_is_poison)

    return types.uint64(types.uint64), generate
