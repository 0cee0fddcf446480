"""The one-page letter that a laboratory sends of an isolate: what it is, its drugs, what that means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from abscope.errors import UsageError
from abscope.reports.documents import letter_drugs as drugs
from abscope.reports.documents.blocks import (
    Block,
    Box,
    Document,
    Facts,
    Heading,
    Points,
    Signature,
    Text,
)
from abscope.reports.documents.language import Language
from abscope.reports.documents.run import Run
from abscope.reports.languages import ENGLISH, translated

Isolate = Mapping[str, Any]
_LONGEST = 220  # letters of a remark; more belongs into types.tsv
_REMARKS_MOST = 3


def isolates(run: Run, wanted: Sequence[str] = ()) -> tuple[Isolate, ...]:
    """The typed isolates asked for, in that order; all of them where nobody is named.

    Raises UsageError naming every isolate that was not typed.
    """
    known = {str(one["isolate_id"]): one for one in run.typed.get("isolates", ())}
    if strange := [name for name in wanted if name not in known]:
        names = ", ".join([*known][:8]) + (" ..." if len(known) > 8 else "")
        raise UsageError(f"not among the typed isolates: {', '.join(strange)}", hint=names)
    return tuple(known[name] for name in wanted or known)


def letter(run: Run, isolate: Isolate, w: Language) -> Document:
    """One isolate's letter in the language of `w`."""
    return Document(
        title=w("letter.title", organism=run.organism),
        subtitle=w("letter.subtitle"),
        language=w.code,
        names=(run.organism, str(isolate["identity"]["subspecies"] or "")),
        one_page=True,
        blocks=tuple(_blocks(run, isolate, w)),
    )


def _blocks(run: Run, isolate: Isolate, w: Language) -> Iterator[Block]:
    yield Facts(tuple(_about(run, isolate, w)), columns=2)
    yield Heading(w("letter.what"))
    yield Facts(tuple(_identity(isolate, w)), columns=2)
    if remarks := _remarks(isolate, w):
        yield Text(f"{w('letter.remarks')}: {remarks}", small=True)
    yield Box(((w("letter.means"), " ".join(meaning(run, isolate, w))),))
    yield Heading(w("letter.drugs"))
    yield from drugs.by_genome(run, isolate, w)
    yield Heading(w("letter.phenotypes"))
    yield from drugs.by_mic(isolate, w)
    yield Heading(w("letter.not_means"))
    yield Points(tuple(_not_meant(isolate, w)))
    yield Text(_methods(run, isolate, w), small=True)
    yield Signature(tuple(w(f"letter.{name}") for name in ("signature", "date", "laboratory")))


def _about(run: Run, isolate: Isolate, w: Language) -> Iterator[tuple[str, str]]:
    name = str(isolate["isolate_id"])
    yield w("letter.isolate"), name
    yield w("letter.patient"), w("letter.to_fill")
    cases = [r for r in run.rows("cases") if name in (r.get("isolate_ids") or "").split(";")]
    if cases:
        yield w("letter.case"), w.listed(str(row["case_id"]) for row in cases)
    own = [row["date_collection"] for row in cases if row.get("date_collection")]
    alone = len(own) == 1 and cases[0].get("isolate_ids") == name
    yield w("letter.collected"), (str(own[0]) if alone else w("letter.to_fill"))
    yield w("letter.requested"), w("letter.to_fill")


def _identity(isolate: Isolate, w: Language) -> Iterator[tuple[str, str]]:
    identity, clone = isolate["identity"], isolate["clone"]
    yield w("letter.species"), _sure(identity, "species", w)
    yield w("letter.subspecies"), _sure(identity, "subspecies", w)
    yield w("letter.clone"), _clone(clone, w)
    mlst = isolate["mlst"]
    named = w.term(mlst["st"] or mlst["status"]) if mlst else w("letter.no_scheme")
    yield w("letter.type"), named
    yield w("letter.strains"), _strains(isolate["mixture"], w)
    yield w("letter.quality"), _quality(isolate["quality"], w)


def _sure(identity: Mapping[str, Any], what: str, w: Language) -> str:
    name = identity[what]
    sure = w.term(identity["verdict" if what == "species" else "subspecies_verdict"])
    if name is None:
        return w("letter.sure_alone", name=w("letter.not_named"), sure=sure)
    best = next((c for c in identity["candidates"] if c[what] == name and c["ani"]), None)
    if best is None:
        return w("letter.sure_alone", name=name, sure=sure)
    return w("letter.sure", name=name, sure=sure, ani=f"{best['ani']:.2%}", nearest=best["name"])


def _clone(clone: Mapping[str, Any], w: Language) -> str:
    if clone["outcome"] == "clone":
        return w("letter.clone_clone", clone=clone["clone"], confidence=w.term(clone["confidence"]))
    keys = {"none": "none", "novel clone": "novel", "mixed": "mixed"}
    return w(f"letter.clone_{keys.get(clone['outcome'], 'unknown')}")


def _strains(mixture: Mapping[str, Any] | None, w: Language) -> str:
    if mixture is None:
        return w("letter.strain_not_assessed")
    if mixture["verdict"] == "mixed" and mixture["share"] is not None:
        return w("letter.strain_two", share=f"{mixture['share']:.0%}")
    return w("letter.strain_one" if mixture["verdict"] == "pure" else "letter.strain_unknown")


def _quality(quality: Mapping[str, Any], w: Language) -> str:
    values = {"verdict": w.term(quality["verdict"]), "called": f"{quality['called']:.0%}"}
    if quality["depth"] is None:
        return w("letter.quality_assembly", **values)
    return w("letter.quality_reads", **values, depth=f"{quality['depth']:.0f}")


def _remarks(isolate: Isolate, w: Language) -> str:
    """What to look at, in the letter's language as far as its dictionary goes."""
    said = map(str, (*isolate["quality"]["reasons"], *isolate["clone"]["warnings"]))
    first = [*dict.fromkeys(said)][:_REMARKS_MOST]
    shown = "; ".join(one if w.code == ENGLISH else translated(one, w.code) or one for one in first)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def meaning(run: Run, isolate: Isolate, w: Language) -> tuple[str, str]:
    """Two sentences for whoever treats the patient."""
    if isolate["identity"]["expected"] is False:
        return w("letter.foreign", organism=run.organism), w("letter.send_again")
    if isolate["quality"]["verdict"] == "poor":
        return w("letter.poor"), w("letter.send_again")
    apart = drugs.discordant(isolate)
    if apart:
        agents = w.listed(w.term(drug) for drug in apart)
        rest = "amikacin" if "amikacin" not in apart else "macrolides"
        clash = w("letter.discordant", drugs=agents)
        macrolides_too = any(drugs.is_macrolide(isolate, drug) for drug in apart)
        if macrolides_too and "amikacin" in apart:
            return clash, w("letter.send_again")
        return clash, _of_drug(isolate, rest, w)
    return _of_drug(isolate, "macrolides", w), _of_drug(isolate, "amikacin", w)


def _of_drug(isolate: Isolate, drug: str, w: Language) -> str:
    verdict = drugs.verdict(isolate, drug).replace(" ", "_")
    return w(f"letter.{drug}_{verdict}")


def _not_meant(isolate: Isolate, w: Language) -> Iterator[str]:
    if isolate["mixture"] is not None and isolate["mixture"]["verdict"] == "mixed":
        yield w("letter.not_mixed")
    yield w("letter.not_mic")
    yield w("letter.not_source")
    if isolate["clone"]["outcome"] != "clone":
        yield w("letter.not_clone")
    yield w("letter.not_treat")


def _methods(run: Run, isolate: Isolate, w: Language) -> str:
    shown = [name for name in ("abscope", "sourmash", "pysam") if run.versions.get(name)]
    grades = drugs.grades(run, isolate)
    return w(
        "letter.methods",
        versions=", ".join(f"{name} {run.versions[name]}" for name in shown),
        reference=isolate["reference"],
        grades=w("letter.graded", grades=grades) if grades else w("letter.none_used"),
        profile=str(isolate["profile"])[:12],
    )
