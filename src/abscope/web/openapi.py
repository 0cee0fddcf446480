"""The API's description: what FastAPI writes, refusals under their media type, lists with an example."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from abscope.web.refusals import JSON


def describing(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """A function that describes the application, once."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = plain()
            for verbs in found["paths"].values():
                for operation in verbs.values():
                    _refusals_as_problems(operation["responses"])
            schemas = found["components"]["schemas"]
            for name, schema in schemas.items():
                if "items" in schema.get("properties", {}):
                    schema["examples"] = [_one_item(schema["properties"], schemas)]
                if name.startswith("Body_"):
                    schema["properties"] = _without_null(schema["properties"])
            app.openapi_schema = found
        return app.openapi_schema

    return described


def _refusals_as_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "4" and "application/json" in response.get("content", {}):
            response["content"] = {JSON: response["content"]["application/json"]}


def _one_item(properties: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A list with the example of its one item."""
    told: dict[str, Any] = {"items": [], "total": 1, "limit": 100, "offset": 0, "next": None}
    for name, field in properties.items():
        if "$ref" in field.get("items", {}):
            told[name] = schemas[field["items"]["$ref"].rpartition("/")[2]]["examples"]
    return told


def _without_null(properties: dict[str, Any]) -> dict[str, Any]:
    """Fields of a form, which are there or are not, and never null."""
    return {
        name: {**told, **told.pop("anyOf")[0]} if "anyOf" in told else told
        for name, told in properties.items()
    }
