"""Engines: where work is done. Each is a `concurrent.futures.Executor`; only this file knows which."""

import errno
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from abscope.errors import AbscopeError, StorageError, ToolError, UsageError
from abscope.records import LeftOut

T = TypeVar("T")
MORE_MEMORY = "close other programs or give fewer --cpus, and run again; finished isolates are kept"
ENGINES = ("serial", "processes", "dask")


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

    dask=ADDRESS: workers of the Dask scheduler there, however many. Raises UsageError for a name that is
    not in ENGINES, ToolError where no scheduler answers.
    """
    kind, _, address = name.partition("=")
    match kind:
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
        case "dask":
            from abscope.running.cluster import cluster

            with cluster(address, workers) as made:
                yield made
        case _:
            raise UsageError(f"no engine called {name!r}", hint=f"one of {', '.join(ENGINES)}")


def _starved(error: BaseException | None) -> bool:
    """Whether it is a want of memory, by whatever name a library gives it, or comes of one."""
    if error is None:
        return False
    told = isinstance(error, OSError) and error.errno == errno.ENOMEM
    named = any(word in str(error) for word in ("annot allocate memory", "start new thread"))
    return isinstance(error, MemoryError) or told or named or _starved(error.__cause__)


def settled(job: Future[T], name: str) -> T | LeftOut:
    """A finished job's result, or why this isolate is left out; what concerns everybody is raised."""
    try:
        return job.result()
    except (StorageError, ToolError):
        raise
    except AbscopeError as error:
        return LeftOut(name, error.message, error.hint)
    except BrokenProcessPool as error:
        raise ToolError(
            "a worker process was ended from outside, most likely for want of memory",
            hint="run again with fewer --cpus; finished isolates are kept",
        ) from error
    except Exception as error:
        if _starved(error):
            return LeftOut(name, "there was not enough memory for it", MORE_MEMORY)
        reason = f"abscope failed on it: {type(error).__name__}: {error}"
        return LeftOut(name, reason, "this is a defect of abscope; please report it")
