"""What `abscope cases define` does between parsing and printing."""

import json
from datetime import datetime
from pathlib import Path

from abscope import organism as organisms
from abscope.cli.cases_session import opened
from abscope.cli.tabled import tabled
from abscope.errors import UsageError
from abscope.formats.line_list import Beside
from abscope.knowledge import case_definitions
from abscope.knowledge.case_definitions import CaseDefinition
from abscope.outbreak.case_definition import classify


def found(definition: str, organism: str) -> CaseDefinition:
    """A definition of the organism by name, or anyone's own by path."""
    known = case_definitions.available(organisms.folder_of(organism))
    if definition in known:
        return case_definitions.read(known[definition])
    if Path(definition).suffix == ".toml":
        return case_definitions.read(Path(definition))
    raise UsageError(
        f"no case definition called {definition!r}",
        hint=f"one of {', '.join(known) or 'none'}, or the path of a .toml file",
    )


def listed(organism: str, definition: str | None, *, as_json: bool) -> str:
    """The organism's definitions, or what one of them says."""
    if definition is not None:
        return _shown(found(definition, organism), as_json=as_json)
    folder = organisms.folder_of(organism)
    rows = [
        {"definition": one.key, "name": one.name, "source": one.source}
        for one in map(case_definitions.read, case_definitions.available(folder).values())
    ]
    return tabled(rows, as_json=as_json)


def _shown(one: CaseDefinition, *, as_json: bool) -> str:
    rules = [
        {"verdict": r.verdict, "all": list(r.all), "any": list(r.any), "none": list(r.none)}
        for r in one.verdicts
    ]
    says = {name: criterion.says for name, criterion in one.criteria.items()}
    about = {"name": one.name, "source": one.source, "as_printed": one.as_printed, "note": one.note}
    if as_json:
        whole = {**about, "criteria": says, "verdicts": rules}
        return json.dumps(whole, indent=2, ensure_ascii=False)
    lines = [f"{name}: {text}" for name, text in about.items() if text]
    lines += [f"  {name}: {said}" for name, said in says.items()]
    for rule in rules:
        parts = (
            f"{part} of {', '.join(rule[part])}" for part in ("all", "any", "none") if rule[part]
        )
        lines.append(f"{rule['verdict']}: {'; '.join(parts)}")
    return "\n".join(lines)


def defined(
    file: Path,
    beside: Beside,
    definition: str,
    *,
    organism: str,
    day: datetime | None,
    as_json: bool,
) -> str:
    """Every case with its verdict and the criterion that decided it."""
    verdicts = classify(opened(file, beside, day), found(definition, organism))
    return tabled(verdicts.to_dicts(), as_json=as_json)
