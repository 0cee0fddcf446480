"""Dask as an engine: a scheduler at an address, or workers of our own on this machine.

A worker that is ended takes nothing with it but time: its tasks go to another. The scheduler remembers
nothing beyond its life; what is finished is in the collection by then, so the same command goes on.
"""

import logging
import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from abscope import __version__
from abscope.errors import SampleError, StorageError, ToolError, UsageError

T = TypeVar("T")
_LARGE = 100_000  # bytes above which an argument is sent once, not with every task
_QUIET = {"distributed.admin.large-graph-warning-threshold": "2GiB"}
_GO_ON = "give the same command again: finished isolates are kept"


class Cluster(Executor):
    """Work on Dask's workers, in the folder this process is in, by the same abscope."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._inner = client.get_executor(pure=False)
        self._sent: dict[int, tuple[object, Any]] = {}

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have `fn` called by a worker; what went wrong there or on the way arrives as our errors."""
        values = [self._once(value) for value in (*args, *kwargs.values())]
        about = (__version__, Path.cwd(), tuple(kwargs))
        job = self._inner.submit(_do, about, fn, *values)
        told: Future[T] = Future()
        job.add_done_callback(partial(_tell, told))
        return told

    def _once(self, value: object) -> Any:
        """A large argument as a task of its own: sent once, and made anew where a worker is lost."""
        if id(value) not in self._sent:
            content = pickle.dumps(value)
            if len(content) < _LARGE:
                return value
            made = self._client.submit(pickle.loads, content, pure=False)
            self._sent[id(value)] = (value, made)
        return self._sent[id(value)][1]


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Cluster]:
    """Workers of the scheduler at `address`; where it is empty, `workers` processes of our own.

    Raises UsageError where Dask is not installed, ToolError where no scheduler answers.
    """
    dask, distributed = _library("dask"), _library("distributed")
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_QUIET))
        where: Any = address
        if not address:
            folder = stack.enter_context(TemporaryDirectory(prefix="abscope-dask-"))
            where = stack.enter_context(own_workers(workers, Path(folder)))
        try:
            client = stack.enter_context(distributed.Client(where, set_as_default=False))
        except (OSError, ValueError) as error:
            raise ToolError(
                f"no Dask scheduler answers at {address} ({error})",
                hint="check --scheduler, such as tcp://host:8786, and that dask scheduler is running",
            ) from error
        yield Cluster(client)


def own_workers(number: int, folder: Path) -> Any:
    """A scheduler and `number` workers on this machine, with `folder` for their files.

    No dashboard, and any free port for the scheduler's other pages: several may run side by side.
    """
    return _library("distributed").LocalCluster(
        n_workers=number,
        threads_per_worker=1,
        memory_limit=0,
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        local_directory=folder,
        silence_logs=logging.CRITICAL,
    )


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--engine dask needs the package {name}", hint="pip install 'abscope[dask]'"
        ) from error


def _do(about: tuple[str, Path, tuple[str, ...]], fn: Callable[..., T], *values: Any) -> T:
    """On the worker: call `fn` where the command was given."""
    version, folder, names = about
    if version != __version__:
        raise ToolError(
            f"a worker has abscope {__version__}, this is {version}",
            hint="install the same version for all workers",
        )
    try:
        os.chdir(folder)
    except OSError as error:
        raise StorageError(
            f"{folder}: a worker cannot reach it ({error.strerror})",
            hint="start workers where they see the same files under the same names",
        ) from error
    plain = len(values) - len(names)
    return fn(*values[:plain], **dict(zip(names, values[plain:], strict=True)))


def _tell(told: Future[T], job: Future[T]) -> None:
    """Hand on what became of a task."""
    distributed = _library("distributed")
    error = distributed.CancelledError() if job.cancelled() else job.exception()
    match error:
        case None:
            told.set_result(job.result())
        case distributed.KilledWorker():
            told.set_exception(
                SampleError(
                    "every worker that took it up was ended, most likely for want of memory",
                    hint="give workers more memory, and this isolate again",
                )
            )
        case distributed.CancelledError():
            told.set_exception(ToolError("the Dask scheduler was lost", hint=_GO_ON))
        case _:
            told.set_exception(error)
