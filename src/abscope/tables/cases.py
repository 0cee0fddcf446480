"""The vocabulary of a line list: cases, exposures, specimens, symptoms, treatments, answers."""

import polars as pl

from abscope.tables.table import Column, Table

STATUSES = ("confirmed", "probable", "suspect", "not a case")
ANSWERS = ("yes", "no", "unknown")

CASES = Table(
    "cases",
    key=("case_id",),
    columns=(
        Column("case_id", pl.String, "line-list identifier", required=True),
        Column(
            "patient_id", pl.String, "person, where one person may stand in several rows or files"
        ),
        Column(
            "isolate_ids",
            pl.List(pl.String),
            "laboratory isolates sequenced, none if there are none",
        ),
        Column("status", pl.String, "case definition verdict", one_of=STATUSES),
        Column("sex", pl.String, "as recorded"),
        Column("age", pl.Float64, "years at onset", between=(0, 120)),
        Column("date_birth", pl.Date, "born"),
        Column("residence_country", pl.String, "where the patient lives"),
        Column("residence_state", pl.String, "state or province"),
        Column("date_exposure", pl.Date, "procedure or injection, the first day it may have been"),
        Column("date_exposure_end", pl.Date, "last day it may have been, or lasted"),
        Column("date_onset", pl.Date, "first symptom"),
        Column("date_collection", pl.Date, "specimen taken"),
        Column("date_report", pl.Date, "case became known to those who count"),
        Column("date_treatment", pl.Date, "treatment started"),
        Column("date_treatment_end", pl.Date, "treatment ended"),
        Column("date_death", pl.Date, "died"),
        Column("match_set", pl.String, "set of a case and the comparison patients chosen for it"),
        Column("outcome", pl.String, "as recorded: cured, in treatment, relapsed, died ..."),
        Column("row", pl.Int64, "row of the file it came from"),
    ),
)

EXPOSURE_KINDS = (
    "country",
    "city",
    "clinic",
    "clinician",
    "procedure",
    "body_site",
    "route",
    "product",
    "supplier",
    "donor",
    "lot",
    "reagent",
    "diluent",
    "device",
    "water",
    "other",
)

# What contains what, widest first: a clinician works in a clinic, a lot is of a donor's cells.
LADDERS = (
    ("country", "city", "clinic", "clinician"),
    ("procedure", "body_site", "route"),
    ("product", "supplier", "donor", "lot"),
)

_KIND_MEANINGS = {
    "country": "country of the procedure or injection, not of residence",
    "city": "city of it",
    "clinic": "clinic, hospital or other place of care",
    "clinician": "who operated or injected",
    "procedure": "what was done",
    "body_site": "where on the body",
    "route": "how it was given: intrathecal, intra-articular, subcutaneous ...",
    "product": "what was given or implanted",
    "supplier": "who made, processed or distributed it",
    "donor": "donor of cells or tissue",
    "lot": "lot or batch",
    "reagent": "reagent used in preparing it",
    "diluent": "saline, water or anaesthetic it was mixed with",
    "device": "instrument, trocar, machine",
    "water": "water or ice the patient or instruments touched",
    "other": "anything else asked of everybody",
}

EXPOSURES = Table(
    "exposures",
    key=("case_id", "kind", "value"),
    columns=(
        Column("case_id", pl.String, "the case asked", required=True),
        Column("kind", pl.String, "what sort of exposure", required=True, one_of=EXPOSURE_KINDS),
        Column("value", pl.String, "which one; null where no case names one of this kind"),
        Column(
            "answer",
            pl.String,
            "exposed, not exposed, or not known",
            required=True,
            one_of=ANSWERS,
        ),
    ),
)

EPISODES = Table(
    "episodes",
    key=("case_id", "episode"),
    columns=(
        Column("case_id", pl.String, "the patient's case", required=True),
        Column("episode", pl.Int64, "first, second ... occasion of care", required=True),
        Column("date_first", pl.Date, "earliest day it can have been"),
        Column("date_last", pl.Date, "latest day; the same where the day is known"),
        *(Column(kind, pl.String, _KIND_MEANINGS[kind]) for kind in EXPOSURE_KINDS),
    ),
)

RESPONSES = Table(
    "responses",
    key=("case_id", "question"),
    columns=(
        Column("case_id", pl.String, "the case", required=True),
        Column("question", pl.String, "exposure kind or column asked about", required=True),
        Column(
            "response",
            pl.String,
            "answered; asked without an answer; not asked; or left blank, which may be either",
            required=True,
            one_of=("answered", "not answered", "not asked", "blank"),
        ),
    ),
)

SAMPLE_KINDS = (
    "patient",
    "product",
    "reagent",
    "device",
    "environment",
    "quality control",
)

SPECIMENS = Table(
    "specimens",
    key=("specimen_id",),
    columns=(
        Column("specimen_id", pl.String, "laboratory name of the sample", required=True),
        Column("kind", pl.String, "what was sampled", required=True, one_of=SAMPLE_KINDS),
        Column("case_id", pl.String, "the patient's case; null where no patient was sampled"),
        Column("material", pl.String, "wound, CSF, joint fluid, vial content, tap water ..."),
        Column("body_site", pl.String, "where on the body it was taken"),
        Column("clinic", pl.String, "facility where it was taken"),
        Column("product", pl.String, "product sampled"),
        Column("lot", pl.String, "lot of the product, reagent or device sampled"),
        Column("date_first", pl.Date, "earliest day it can have been taken"),
        Column("date_last", pl.Date, "latest day; the same where the day is known"),
        Column("method", pl.String, "culture, smear, PCR, mass spectrometry ..."),
        Column(
            "result",
            pl.String,
            "what the culture or test gave",
            one_of=("positive", "negative", "contaminated", "pending", "unknown"),
        ),
        Column("organism", pl.String, "what grew, as the laboratory named it"),
        Column("isolate_id", pl.String, "isolate sequenced from it"),
        Column("retained", pl.String, "isolate or specimen still kept", one_of=ANSWERS),
        Column("row", pl.Int64, "row of the file it came from"),
    ),
)

SYMPTOMS = Table(
    "symptoms",
    key=("case_id", "symptom"),
    columns=(
        Column("case_id", pl.String, "the case", required=True),
        Column("symptom", pl.String, "symptom or finding", required=True),
        Column("present", pl.String, "whether the patient has it", required=True, one_of=ANSWERS),
    ),
)

TREATMENTS = Table(
    "treatments",
    key=("case_id", "treatment"),
    columns=(
        Column("case_id", pl.String, "the case", required=True),
        Column("treatment", pl.String, "drug or operation", required=True),
        Column("given", pl.String, "whether it was given", required=True, one_of=ANSWERS),
        Column("date_start", pl.Date, "first day"),
        Column("date_end", pl.Date, "last day"),
    ),
)

CASE_TABLES = (CASES, EXPOSURES, EPISODES, RESPONSES, SPECIMENS, SYMPTOMS, TREATMENTS)

CASE_VERDICTS = Table(
    "case_verdicts",
    key=("case_id",),
    columns=(
        Column("case_id", pl.String, "the case", required=True),
        Column("status", pl.String, "verdict; null where it cannot be told", one_of=STATUSES),
        Column("criterion", pl.String, "what decided it", required=True),
        Column("open", pl.String, "what is not known and could change it"),
        Column("written", pl.String, "what the line list says", one_of=STATUSES),
    ),
)
