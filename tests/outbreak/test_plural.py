"""One thing, or several, in sentences."""

import pytest

from abscope.outbreak.plural import plural


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 weeks"), (1, "1 week"), (2, "2 weeks")], ids=str
)
def test_one_of_a_thing_is_not_told_as_several(number: int, said: str) -> None:
    assert plural(number, "week") == said
