"""PHA4GE contextual data, the pathogen-agnostic template of DataHarmonizer, TSV.

https://github.com/cidgoh/DataHarmonizer (templates/pathogen, LinkML, class PathogenAgnostic): headings are
the slots' titles. What nobody told stands as `Not Provided`, a term of its NullValueMenu; what is withheld
as `Restricted Access`.
"""

from abscope.formats.answered_sheet import Answers, Field, Sheet, always, of, of_cases, sheet
from abscope.formats.export_biosample import organism
from abscope.formats.isolate_facts import Facts, facts
from abscope.records import Published

UNKNOWN, WITHHELD = "Not Provided", "Restricted Access"
_PRECISION = {4: "year", 7: "month", 10: "day"}


def encode(run: Published, answers: Answers) -> Sheet:
    """All isolates. Age, gender and case only where identifiers were asked for.

    Raises UsageError where an answer is for no column.
    """
    return sheet(_fields(run), facts(run), answers)


def _fields(run: Published) -> list[Field]:
    protocol = always(f"abscope {run.version}".strip())
    required = {
        "specimen_collector_sample_id": ("specimen collector sample ID", of("isolate_id")),
        "sample_collected_by": ("sample collected by", None),
        "sequenced_by": ("sequenced by", None),
        "sequence_submitted_by": ("sequence submitted by", None),
        "sample_collection_date": ("sample collection date", of("date_collection")),
        "sample_collection_date_precision": ("sample collection date precision", _precision),
        "geo_loc_name_country": ("geo_loc_name (country)", of("residence_country")),
        "geo_loc_name_state_province_territory": (
            "geo_loc_name (state/province/territory)",
            of("residence_state"),
        ),
        "organism": ("organism", organism),
        "isolate": ("isolate", of("isolate_id")),
        "purpose_of_sampling": ("purpose of sampling", None),
        "purpose_of_sampling_details": ("purpose of sampling details", None),
        "host_scientific_name": ("host (scientific name)", of_cases("Homo sapiens")),
        "purpose_of_sequencing": ("purpose of sequencing", None),
        "purpose_of_sequencing_details": ("purpose of sequencing details", None),
        "sequencing_instrument": ("sequencing instrument", None),
        "raw_sequence_data_processing_method": ("raw sequence data processing method", None),
        "dehosting_method": ("dehosting method", None),
        "bioinformatics_protocol": ("bioinformatics protocol", protocol),
    }
    fields = [
        Field(name, fill, required=True, missing=UNKNOWN, heading=heading)
        for name, (heading, fill) in required.items()
    ]
    return fields + _recommended(run)


def _recommended(run: Published) -> list[Field]:
    shown = {
        "case_id": ("case ID", of("case_id")),
        "host_age_bin": ("host age bin", _age_bin),
        "host_gender": ("host gender", _gender),
    }
    return [
        Field(name, fill if run.identified else None, heading=heading,
              missing=UNKNOWN if run.identified else WITHHELD)
        for name, (heading, fill) in shown.items()
    ] + [
        Field("host_disease", of_cases(f"{run.organism} infection"), heading="host disease",
              missing=UNKNOWN),
        Field("consensus_sequence_software_name", always("abscope"),
              heading="consensus sequence software name"),
        Field("consensus_sequence_software_version", always(run.version),
              heading="consensus sequence software version"),
    ]  # fmt: skip


def _precision(fact: Facts) -> str | None:
    return _PRECISION.get(len(str(fact["date_collection"] or "")))


def _age_bin(fact: Facts) -> str | None:
    age = fact["age"]
    if not isinstance(age, float):
        return None
    low = int(age) // 10 * 10
    return "100+" if low >= 100 else f"{low} - {low + 9}"


def _gender(fact: Facts) -> str | None:
    return str(fact["sex"]).capitalize() if fact["sex"] else None
