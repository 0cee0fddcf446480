"""Libraries of the extra `abscope[documents]`, which a run does without."""

from importlib import import_module
from typing import Any

from abscope.errors import ToolError


def library(module: str, what: str) -> Any:
    """A module by its name. Raises ToolError saying what cannot be made where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        hint = "pip install 'abscope[documents]'"
        raise ToolError(f"{what} cannot be made: {name} is not installed", hint=hint) from error
