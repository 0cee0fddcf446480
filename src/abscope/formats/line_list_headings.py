"""The headings that columns of a line list go by."""

from abscope import tables

CASE_ID = (
    "case_id",
    "case",
    "patient_id",
    "patient",
    "case_number",
    "id",
    "unique_key",
    "unique_id",
    "record_id",
    "study_id",
)
SINGLE = {
    "case_id": CASE_ID,
    "status": ("status", "case_status", "classification", "case_definition"),
    "sex": ("sex", "gender"),
    "age": ("age", "age_years"),
    "residence_country": ("residence_country", "country_of_residence"),
    "residence_state": ("residence_state", "state_of_residence", "state", "province"),
    "date_exposure": (
        "date_exposure",
        "exposure_date",
        "date_of_exposure",
        "date_procedure",
        "procedure_date",
        "date_injection",
        "injection_date",
        "dt_exposure",
        "date_exposure_first",
        "dt_start_exp",
    ),
    "patient_id": ("patient_id", "patient", "person_id", "subject_id", "mrn", "uuid"),
    "date_birth": ("date_birth", "birth_date", "date_of_birth", "dob", "birthday"),
    "date_exposure_end": (
        "date_exposure_end",
        "exposure_end",
        "exposure_end_date",
        "date_exposure_last",
        "dt_end_exp",
    ),
    "date_onset": (
        "date_onset",
        "onset_date",
        "date_of_onset",
        "onset",
        "symptom_onset",
        "date_symptom_onset",
        "dt_onset",
        "dateOfOnset",
    ),
    "date_collection": (
        "date_collection",
        "collection_date",
        "date_of_collection",
        "specimen_date",
        "date_of_specimen",
        "date_of_sample",
        "sampling_date",
        "date_specimen",
        "sample_date",
        "date_sample",
        "culture_date",
        "date_sample_taken",
    ),
    "date_treatment": (
        "date_treatment",
        "treatment_date",
        "date_of_treatment",
        "treatment_start",
        "date_treatment_start",
    ),
    "date_treatment_end": ("date_treatment_end", "treatment_end", "treatment_end_date"),
    "date_report": (
        "date_report",
        "report_date",
        "date_of_report",
        "date_reported",
        "date_of_reporting",
        "date_notified",
        "notification_date",
        "dt_report",
    ),
    "date_death": ("date_death", "death_date", "date_of_death", "dt_death"),
    "match_set": ("match_set", "matched_set", "set", "pair", "pair_id", "stratum"),
    "outcome": ("outcome", "outcome_id", "patient_outcome"),
}
# Headings of these may be repeated with a number: product_1, product_2.
ISOLATES = {
    "isolate_ids": (
        "isolate_id",
        "isolate_ids",
        "isolate",
        "isolates",
        "sample_id",
        "sample",
        "strain",
        "lab_id",
    )
}
_ALSO = {
    "country": ("country_of_exposure", "procedure_country"),
    "city": ("city_of_exposure", "procedure_city"),
    "clinic": ("clinic", "facility", "provider"),
    "clinician": ("clinician", "surgeon", "operator"),
    "procedure": ("procedure", "procedure_type"),
    "body_site": ("body_site", "injection_site"),
    "product": ("product", "product_name"),
    "supplier": ("supplier", "distributor", "manufacturer"),
    "donor": ("donor", "donor_id"),
    "lot": ("lot", "lot_number", "batch", "batch_number"),
}
KINDS = {kind: (f"exposure_{kind}", *_ALSO.get(kind, (kind,))) for kind in tables.EXPOSURE_KINDS}

# What stands in the same row about the patient's specimen.
SPECIMEN = {
    "specimen_id": ("specimen_id", "specimen", "specimen_number", "accession_number"),
    "material": ("specimen_material", "specimen_type", "specimen_source", "sample_type"),
    "method": ("specimen_method", "test_type", "method"),
    "result": ("specimen_result", "culture_result", "culture", "test_result"),
    "organism": ("organism", "species", "culture_organism"),
    "retained": ("specimen_retained", "isolate_retained", "retained"),
}
LISTS = {
    "symptom": ("symptoms", "symptom", "signs_and_symptoms"),
    "treatment": ("treatment", "treatments", "antibiotics", "drugs", "regimen"),
}
