"""The API's description: complete, with an example of everything that is asked and answered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from abscope.web.app import Serving, make_app

DESCRIBED = make_app(Serving(Path())).openapi()
SCHEMAS: dict[str, Any] = DESCRIBED["components"]["schemas"]


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, verbs in DESCRIBED["paths"].items():
        for verb, operation in verbs.items():
            yield f"{verb.upper()} {path}", operation


def referred(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMAS.get(schema.get("$ref", "").rpartition("/")[2], schema)
    return found


def test_every_parameter_has_an_example_and_says_what_it_is() -> None:
    lacking = [
        (name, one["name"])
        for name, operation in operations()
        for one in operation.get("parameters", ())
        if not (one.get("examples") or one["schema"].get("examples")) or "description" not in one
    ]
    assert lacking == []


def test_every_field_that_is_sent_says_what_it_is() -> None:
    sent = [
        (name, field, told)
        for name, operation in operations()
        for content in operation.get("requestBody", {"content": {}})["content"].values()
        for field, told in referred(content["schema"])["properties"].items()
    ]
    assert len(sent) == 6
    assert [(name, field) for name, field, told in sent if "description" not in told] == []


def test_every_answer_has_an_example_and_a_list_one_of_its_items() -> None:
    lacking = []
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                schema = referred(content["schema"])
                if "json" in kind and not schema.get("examples"):
                    lacking.append((name, status))
    assert lacking == []
    [listed] = SCHEMAS["Neighbours"]["examples"]
    assert listed["items"] == SCHEMAS["Neighbour"]["examples"]
    assert listed["elsewhere"] == SCHEMAS["Elsewhere"]["examples"]
