"""Invented places of care, and the three patients of the scenario `colorado_arizona`.

The three follow the published account (MMWR 2024;73(18):420-422): a woman with multiple sclerosis,
intrathecal injections in Baja California, October 2022; a man, right elbow, another clinic of Baja
California, April 2022; a man, both knees, Guadalajara, October 2022, whose isolate was not kept.
Clinics, products, lots and people are invented, and so is the product as the true source.
"""

from abscope.simulate.patients import NOT_EXPOSED, Setting

PRODUCT = "Celuvita stem cells"
_SALINE = ("Baxa saline", "Medisal saline", "Norte saline")

_STEM = {
    "procedure": ("stem cell injection",),
    "body_site": ("knee", "hip", "shoulder", "spine"),
    "route": ("intra-articular", "intravenous"),
    "product": ("umbilical exosomes", "platelet-rich plasma", "bone marrow concentrate"),
    "supplier": ("Biovance", "Regen Sur", "prepared on site"),
    "diluent": _SALINE,
}
_COSMETIC = {
    "procedure": ("liposuction", "abdominoplasty", "breast augmentation"),
    "body_site": ("abdomen", "breast", "thigh"),
    "route": ("surgical",),
    "reagent": ("chlorhexidine", "povidone-iodine"),
    "device": ("liposuction cannula", "electrocautery"),
}
_LOCAL = {
    "procedure": ("joint replacement", "steroid injection", "mesotherapy"),
    "body_site": ("knee", "hip", "face"),
    "route": ("surgical", "intra-articular", "subcutaneous"),
    "product": ("triamcinolone", "hyaluronic acid", NOT_EXPOSED),
    "reagent": ("chlorhexidine", "povidone-iodine"),
    "diluent": (*_SALINE, NOT_EXPOSED),
}
_BAJA = ("Mexico", "Ensenada")

SETTINGS = (
    (Setting("Clinica Costa Azul", *_BAJA, ("Dr Ibarra", "Dr Luna"), _STEM), 2.0),
    (Setting("Centro Celular Pacifico", "Mexico", "San Felipe", ("Dr Rios",), _STEM), 1.0),
    (Setting("Instituto Articular Tapatio", "Mexico", "Guadalajara", ("Dr Mora",), _STEM), 1.0),
    (Setting("Clinica Nueva Imagen", "Mexico", "Tijuana", ("Dr Solis", "Dr Vega"), _COSMETIC), 4.0),
    (Setting("Centro Estetico Caribe", "Dominican Republic", "Santo Domingo", ("Dr Pena",), _COSMETIC),
     3.0),
    (Setting("Front Range Orthopedics", "United States", "Denver", ("Dr Hall", "Dr Kim"), _LOCAL), 5.0),
    (Setting("Sonoran Joint Center", "United States", "Phoenix", ("Dr Patel",), _LOCAL), 4.0),
)  # fmt: skip
"""Where comparison patients were treated, and how often."""

_A = {
    "status": "confirmed", "sex": "female", "age": "34",
    "residence_country": "United States", "residence_state": "Colorado",
    "date_onset": "2022-11-01", "date_collection": "2022-11-15", "date_treatment": "2022-11-22",
    "exposure_country": "Mexico", "exposure_city": "Ensenada", "clinic": "Clinica Costa Azul",
    "clinician": "Dr Luna", "procedure": "stem cell injection", "body_site": "spine",
    "route": "intrathecal", "product": PRODUCT, "supplier": "Celuvita Labs",
    "donor": None, "lot": "CV-2203", "reagent": "povidone-iodine", "diluent": "Norte saline",
    "device": NOT_EXPOSED,
}  # fmt: skip
_B = {
    "status": "confirmed", "sex": "male", "age": "61",
    "residence_country": "United States", "residence_state": "Arizona",
    "date_onset": "2022-06-20", "date_collection": "2023-03-14", "date_treatment": "2023-03-28",
    "exposure_country": "Mexico", "exposure_city": "San Felipe",
    "clinic": "Centro Celular Pacifico", "clinician": "Dr Rios",
    "procedure": "stem cell injection", "body_site": "elbow", "route": "intra-articular",
    "product": PRODUCT, "supplier": "Celuvita Labs", "donor": "D-17", "lot": "CV-2203",
    "reagent": None, "diluent": "Medisal saline", "device": NOT_EXPOSED,
}  # fmt: skip
_C = {
    "status": "probable", "sex": "male", "age": "66",
    "residence_country": "United States", "residence_state": "Colorado",
    "date_onset": "2022-12-05", "date_collection": "2023-04-04", "date_treatment": "2023-04-18",
    "exposure_country": "Mexico", "exposure_city": "Guadalajara",
    "clinic": "Instituto Articular Tapatio", "clinician": "Dr Mora",
    "procedure": "stem cell injection", "body_site": "knee", "route": "intra-articular",
    "product": PRODUCT, "supplier": "Celuvita Labs", "donor": None, "lot": None,
    "reagent": "chlorhexidine", "diluent": "Baxa saline", "device": NOT_EXPOSED,
}  # fmt: skip
COLORADO_ARIZONA_CASES = {"A": _A, "B": _B, "C": _C}
