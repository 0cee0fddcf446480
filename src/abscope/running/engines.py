"""Engines: where work is done. Each is a `concurrent.futures.Executor`; only this file knows which."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from abscope.errors import UsageError

T = TypeVar("T")
ENGINES = ("serial", "processes")


class Serial(Executor):
    """Do the work here and now, one piece after another."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run `fn` at once; its result or its error waits in the future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def engine(name: str = "processes", workers: int = 1) -> Iterator[Executor]:
    """An engine by name; `workers` processes where it has any.

    Raises UsageError for a name that is not in ENGINES.
    """
    match name:
        case "serial":
            yield Serial()
        case "processes" if workers <= 1:
            yield Serial()
        case "processes":
            pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
            try:
                yield pool
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
        case _:
            raise UsageError(f"no engine called {name!r}", hint=f"one of {', '.join(ENGINES)}")
