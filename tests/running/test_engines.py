"""Every engine keeps the same promises."""

import errno
from collections.abc import Iterator
from concurrent.futures import Executor, Future

import pytest

from abscope.errors import SampleError, UsageError
from abscope.records import LeftOut
from abscope.running.engines import ENGINES, engine, settled


def square(number: int) -> int:
    return number * number


def refuse(number: int) -> int:
    raise SampleError(f"{number} will not do", hint="try another")


@pytest.fixture(params=ENGINES)
def pool(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with engine(request.param, 2) as made:
        yield made


def test_results_come_in_the_order_asked(pool: Executor) -> None:
    assert list(pool.map(square, range(5))) == [0, 1, 4, 9, 16]


def test_an_error_arrives_as_itself_with_its_hint(pool: Executor) -> None:
    with pytest.raises(SampleError, match="3 will not do") as caught:
        pool.submit(refuse, 3).result()
    assert caught.value.hint == "try another"


def test_an_unknown_engine_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught, engine("steam"):
        pass
    assert "serial" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (ImportError("libx.so: failed to map segment: Cannot allocate memory"), True),
        (RuntimeError("can't start new thread"), True),
        (ValueError("of five"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_want_of_memory_is_known_by_whatever_name_and_behind_another_error(
    error: Exception, expected: bool
) -> None:
    other = KeyError("late")
    other.__cause__ = error
    for one in (error, other):
        job: Future[int] = Future()
        job.set_exception(one)
        found = settled(job, "iso_a")
        assert isinstance(found, LeftOut)
        assert ("not enough memory" in found.reason) is expected
