"""NCBI BioSample sheet, package Pathogen.cl.1.0 (clinical or host-associated), for the submission portal.

https://www.ncbi.nlm.nih.gov/biosample/docs/packages/Pathogen.cl.1.0: headings with * must be filled, or hold
an INSDC missing-value term. A place of care, a procedure or a product never stands in it. geo_loc_name is
where the patient lives: the country under INSDC's name, and the state.
"""

from abscope.formats.answered_sheet import Answers, Field, Sheet, always, of, of_cases, sheet
from abscope.formats.isolate_facts import Facts, facts
from abscope.records import Published

_INSDC = {"United States": "USA", "United States of America": "USA", "US": "USA"}


def encode(run: Published, answers: Answers) -> Sheet:
    """All isolates. Age and sex of the host only where identifiers were asked for.

    Raises UsageError where an answer is for no column.
    """
    return sheet(_fields(run), facts(run), answers)


def place(fact: Facts) -> str | None:
    """Country:region, the country as INSDC calls it."""
    country = fact["residence_country"]
    if country is None:
        return None
    named = _INSDC.get(str(country), str(country))
    return f"{named}: {fact['residence_state']}" if fact["residence_state"] else named


def organism(fact: Facts) -> str:
    """The species, and its subspecies where it is known."""
    below = fact["subspecies"]
    return f"{fact['organism']} subsp. {below}" if below else str(fact["organism"])


def _fields(run: Published) -> list[Field]:
    required = {
        "sample_name": of("isolate_id"), "organism": organism, "collected_by": None,
        "collection_date": of("date_collection"), "geo_loc_name": place,
        "host": of_cases("Homo sapiens"), "host_disease": of_cases(f"{run.organism} infection"),
        "isolation_source": None, "lat_lon": None,
    }  # fmt: skip
    fields = [
        Field(name, fill, required=True, missing="missing", heading=f"*{name}")
        for name, fill in required.items()
    ]
    fields.insert(2, Field("strain", of("isolate_id"), required=True))
    fields += [Field("bioproject_accession"), Field("sample_title"), Field("genotype", _genotype)]
    if run.identified:
        fields += [Field("host_age", of("age")), Field("host_sex", of("sex"))]
        fields += [Field("host_subject_id", of("patient_id"))]
    return [*fields, Field("description", always(f"typed by abscope {run.version}".strip()))]


def _genotype(fact: Facts) -> str | None:
    told = [(name, fact.get(name)) for name in ("clone", "st")]
    return "; ".join(f"{name} {value}" for name, value in told if value) or None
