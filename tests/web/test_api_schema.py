"""Schemathesis against the whole API: nothing breaks it, and every answer is what the schema says.

ABSCOPE_SCHEMATHESIS sets how many requests of each sort every operation gets.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import served
from abscope.web.app import Serving, make_app

schemathesis = pytest.importorskip(
    "schemathesis", reason="API NOT TESTED AGAINST ITS SCHEMA: schemathesis is not installed"
)
OPERATIONS = {
    f"{verb.upper()} {path}": operation
    for path, verbs in make_app(Serving(Path())).openapi()["paths"].items()
    for verb, operation in verbs.items()
}
ASKED = [
    (name, mode)
    for name, operation in OPERATIONS.items()
    for mode in ("positive", "negative")
    if mode == "positive" or "parameters" in operation or "requestBody" in operation
]
LIMITS = settings(
    max_examples=int(os.environ.get("ABSCOPE_SCHEMATHESIS", "6")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Path, Path], run: Path
) -> Iterator[tuple[Any, dict[str, str]]]:
    """Operations of an application that serves a collection with users and a run; a token."""
    folder = Path(shutil.copytree(made[1], tmp_path_factory.mktemp("schema") / "held"))
    with served.clients() as start:
        caller = start(folder, run=run, names=("testserver", "localhost"), proxy=True)
        schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", caller.app)
        known = [found.ok() for found in schema.get_all_operations()]
        yield {one.label: one for one in known}, served.token(folder, served.ADMIN)


@pytest.mark.parametrize(("operation", "mode"), ASKED, ids=" ".join)
def test_whatever_is_asked_is_answered_as_the_schema_says(
    told: tuple[Any, dict[str, str]], operation: str, mode: str
) -> None:
    operations, token = told
    wanted = schemathesis.GenerationMode(mode)

    @LIMITS
    @given(case=operations[operation].as_strategy(generation_mode=wanted))
    def asked(case: Any) -> None:
        case.call_and_validate(headers=token)

    asked()


def test_every_operation_is_asked(told: tuple[Any, dict[str, str]]) -> None:
    assert sorted(told[0]) == sorted(OPERATIONS)
