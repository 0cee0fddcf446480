"""The rules of the house that a machine can hold: sizes, layers, documentation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "abscope"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE, MOST_STATEMENTS, MOST_ARGUMENTS, MOST_COMMAND_LINES = 400, 30, 6, 15


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def is_kernel(function: ast.FunctionDef) -> bool:
    """Numba kernels take their arrays one by one and by position."""
    return any(
        "jit" in ast.unparse(d) or "kernel" in ast.unparse(d) for d in function.decorator_list
    )


def statements(function: ast.FunctionDef) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_function_does_more_than_one_thing_at_length(path: Path) -> None:
    long = {f.name: statements(f) for f in functions(path) if statements(f) > MOST_STATEMENTS}
    assert not long


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_arguments_are_few_and_named_after_the_second(path: Path) -> None:
    crowded = [
        function.name
        for function in functions(path)
        if not is_kernel(function)
        and "cli" not in path.parts
        and len(function.args.args) + len(function.args.kwonlyargs) > MOST_ARGUMENTS
    ]
    assert not crowded


@pytest.mark.parametrize("path", sorted((SOURCE / "cli").glob("*.py")), ids=lambda p: p.name)
def test_a_command_only_parses_calls_and_prints(path: Path) -> None:
    for function in functions(path):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
        assert lines <= MOST_COMMAND_LINES * 2, function.name


def test_every_module_says_what_it_is_for() -> None:
    silent = [p.name for p in FILES if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert not silent


def test_nothing_is_left_to_do_in_the_code() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    assert not [p.name for p in FILES if left.search(p.read_text("utf-8"))]


def test_no_error_is_caught_without_being_named() -> None:
    bare = [
        (path.name, node.lineno)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not bare
