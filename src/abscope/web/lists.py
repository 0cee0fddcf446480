"""Every list that can be asked for, by its noun: the API's and the pages' one source."""

from typing import Any, Literal

from abscope.collection.paged import Part
from abscope.web import from_collection, from_run
from abscope.web.answers import Elsewhere, Neighbour, OneIsolate, Status
from abscope.web.held import SERVE_COLLECTION, SERVE_RUN, Ask, Asked, Held, NotHeldError, Reader


def reader(held: Held, noun: str) -> Reader | None:
    """Who answers for a noun, None where nobody does."""
    found = from_collection.READERS.get(noun) if held.desk else None
    return found or (from_run.READERS.get(noun) if held.run else None)


def rows(held: Held, noun: str, ask: Ask, asked: Asked) -> Part[Any]:
    """Rows of a noun. Raises NotHeldError where nothing served has them, AccessError."""
    found = reader(held, noun)
    if found is None:
        hint = SERVE_RUN if held.desk else SERVE_COLLECTION
        raise NotHeldError(f"no {noun} here", hint=hint)
    return found(held, ask, asked)


def isolate(held: Held, ask: Ask, isolate_id: str) -> OneIsolate:
    """One isolate. Raises NotHeldError, AccessError."""
    source = from_collection if held.desk else from_run
    found: OneIsolate = source.isolate(held, ask, isolate_id)
    return found


def neighbours(
    held: Held, ask: Ask, isolate_id: str, asked: Asked
) -> tuple[Part[Neighbour], list[Elsewhere]]:
    """Who is near an isolate, and whom to call elsewhere. Raises NotHeldError, AccessError."""
    if held.desk:
        return from_collection.neighbours(held, ask, isolate_id, asked)
    return from_run.neighbours(held, ask, isolate_id, asked), []


def case(held: Held, ask: Ask, case_id: str) -> Any:
    """One case and its exposures. Raises NotHeldError, AccessError."""
    source = from_collection if held.desk else from_run
    return source.case(held, ask, case_id)


def status(held: Held, ask: Ask, version: str) -> Status:
    """What is held, as far as it is the viewer's. Raises AccessError."""
    found = (from_collection if held.desk else from_run).counts(held, ask)
    parts: list[tuple[Literal["collection", "run"], object]]
    parts = [("collection", held.desk), ("run", held.run)]
    found["clusters"] = {str(level): count for level, count in found["clusters"].items()}
    return Status(
        title=held.title, version=version, held=[name for name, one in parts if one], **found
    )
