"""docs/validation/cases.md: published figures held against our arithmetic.

    python -m benchmarks.case_arithmetic DATA

DATA holds linelists, as described in its README. Nothing of the data is copied into the output but figures.
"""

import math
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.special import expit

from abscope.formats import case_file, line_list, line_list_mapping, mapping_proposal
from abscope.formats.line_list import Beside
from abscope.outbreak import regression
from abscope.outbreak.exposure_panel import one_by_one, panel
from abscope.outbreak.reporting_delay import delays
from abscope.outbreak.two_by_two import exact_share
from abscope.records import LineList

SIMULATED = 200

# Printed odds ratios with their 95 % intervals.
PRINTED = (
    (
        "Manaus, surgery over 1 hour",
        2.4,
        1.2,
        4.5,
        "Villar, Infect Control Hosp Epidemiol 2015;36:81",
    ),
    ("Manaus, not first of the day", 2.7, 1.4, 5.2, "same"),
    ("Manaus, permanent trocar", 2.2, 1.1, 4.2, "same"),
    ("Korea, ribostamycin", 47.95, 11.08, 207.53, "Kim, Epidemiol Infect 2012;140:1880"),
    ("Korea, pheniramine", 5.93, 2.97, 11.87, "same"),
    ("Korea, pheniramine beside ribostamycin", 8.71, 0.44, 171.61, "same"),
    ("Korea, joints, six visits or more", 4.3, 1.5, 12.1, "Jung, Int J Infect Dis 2015;36:e62"),
    ("Colombia, male", 2.85, 1.26, 6.51, "lidocaine injections"),
    ("Colombia, subcutaneous", 3.72, 1.09, 12.7, "same"),
)
SHARES = (
    ("Manaus, ill of the cohort", 60, 222, "27 %"),
    ("Colombia, ill of those interviewed", 232, 298, "~78 %"),
    ("Dominican Republic, clinic A", 13, 21, "62 %"),
    ("Dominican Republic, clinic A, M. abscessus of culture-positive", 12, 13, "92 %"),
)


def lines(data: Path) -> Iterator[str]:
    """The page."""
    yield "# Cases: published arithmetic"
    yield ""
    yield "    python -m benchmarks.case_arithmetic DATA"
    yield ""
    yield from _oswego(data)
    yield from _printed()
    yield from _shares()
    yield from _manaus()
    yield from _korea()
    yield from _mers(data)


def _read(path: Path) -> LineList:
    """A line list through the mapping that is proposed for it, unchanged."""
    proposal = mapping_proposal.propose(case_file.read(path).sheet)
    with TemporaryDirectory() as folder:
        mapping = Path(folder) / "mapping.toml"
        text = line_list_mapping.text(proposal.mapping, path.name, proposal.comments)
        mapping.write_text(text, encoding="utf-8")
        return line_list.read(path, beside=Beside(mapping=mapping))


def _oswego(data: Path) -> Iterator[str]:
    found = _read(data / "linelists" / "oswego" / "oswego2.csv")
    own = panel(found.cases, found.exposures)
    table = one_by_one(own, rng=np.random.default_rng(1)).rows(named=True)
    row, second = table[:2]
    yield "## Oswego, 1940"
    yield ""
    yield (
        "The church supper's real line list (75 people, 46 ill), its columns mapped as proposed. Printed: "
        "43 of 54 who ate vanilla ice cream were ill, 3 of 21 who did not; RR 5.574, exact OR 22.1 (5.2-138)."
    )
    yield ""
    yield "| vanilla ice cream | printed | here |"
    yield "|---|---|---|"
    exposed = row["cases_exposed"] + row["others_exposed"]
    yield f"| ill of those who ate it | 43/54 | {row['cases_exposed']}/{exposed} |"
    others = row["cases_known"] + row["others_known"] - exposed
    yield f"| ill of those who did not | 3/21 | {row['cases_known'] - row['cases_exposed']}/{others} |"
    yield f"| risk ratio | 5.574 | {row['risk_ratio']:.3f} ({_interval(row, 'risk_ratio')}) |"
    yield f"| odds ratio, exact | 22.1 (5.2-138) | {row['odds_ratio']:.1f} ({_interval(row, 'odds_ratio')}) |"
    yield f"| odds ratio, mid-P | | {row['mid_p_low']:.2f}-{row['mid_p_high']:.0f} |"
    yield f"| Fisher | | {row['p_value']:.1e} |"
    yield f"| q, of {len(table)} foods | | {row['q_value']:.1e} |"
    yield f"| chance that any food scores so high | | {row['p_of_all']:.3f} |"
    yield ""
    yield (
        f"Next is {second['value']}, with p {second['p_value']:.2f}, q {second['q_value']:.2f} and a chance "
        f"of {second['p_of_all']:.2f} that some food scores as high in favour of illness."
    )
    yield ""


def _interval(row: dict[str, float], name: str) -> str:
    return f"{row[f'{name}_low']:.2f}-{row[f'{name}_high']:.0f}"


def _printed() -> Iterator[str]:
    yield "## Intervals in print"
    yield ""
    yield (
        "The tables behind these odds ratios are not in what could be read of the papers, so the ratios "
        "cannot be computed anew from their cells; those of Manaus and Korea are adjusted for other "
        "variables besides. What can be checked is that each is the middle of its own interval on the log "
        "scale, as the Wald intervals of logistic regression are, and how many people it rests on."
    )
    yield ""
    yield "| | odds ratio | 95 % | middle | within rounding | error of the log | paper |"
    yield "|---|---|---|---|---|---|---|"
    for name, ratio, low, high, paper in PRINTED:
        middle, spread = math.sqrt(low * high), math.log(high / low) / (2 * 1.959964)
        agrees = "yes" if _rounds(ratio, low, high) else "no"
        yield f"| {name} | {ratio:g} | {low:g}-{high:g} | {middle:.2f} | {agrees} | {spread:.2f} | {paper} |"
    yield ""


def _rounds(ratio: float, low: float, high: float) -> bool:
    """Whether numbers that round to the printed ends can have a middle that rounds to the ratio."""
    half = [0.5 * 10 ** -len(f"{x:g}".partition(".")[2]) for x in (ratio, low, high)]
    least = math.sqrt(max(low - half[1], 0) * (high - half[2]))
    most = math.sqrt((low + half[1]) * (high + half[2]))
    return least <= ratio + half[0] and ratio - half[0] <= most


def _shares() -> Iterator[str]:
    yield "## Attack rates in print"
    yield ""
    yield "| | count | printed | here | exact 95 % |"
    yield "|---|---|---|---|---|"
    for name, number, of, printed in SHARES:
        low, high = exact_share(number, of)
        yield f"| {name} | {number}/{of} | {printed} | {number / of:.1%} | {low:.1%}-{high:.1%} |"
    yield ""


def _manaus() -> Iterator[str]:
    """Draw 222 people from the published odds ratios, and see whether the model finds them again."""
    truth, rng = np.log([2.4, 2.7, 2.2]), np.random.default_rng(20150105)
    found = []
    for _ in range(SIMULATED):
        exposed = rng.integers(0, 2, (222, 3)).astype(float)
        base = math.log(0.27 / 0.73) - float(truth.sum()) / 2
        ill = (rng.random(222) < expit(base + exposed @ truth)).astype(float)
        found.append(regression.firth(exposed, ill))
    yield "## Manaus, simulated from what is printed"
    yield ""
    yield (
        f"{SIMULATED} cohorts of 222 with the three printed odds ratios, 27 % ill, each exposure in half of "
        "them (the papers' shares are not at hand), in one model with Firth's penalty."
    )
    yield ""
    yield "| | put in | median found | interval holds the truth | median width (high/low) | printed width |"
    yield "|---|---|---|---|---|---|"
    for k, (name, ratio, low, high, _) in enumerate(PRINTED[:3]):
        own = [one[k] for one in found]
        median = math.exp(float(np.median([one.estimate for one in own])))
        holds = np.mean([one.low <= truth[k] <= one.high for one in own])
        width = math.exp(float(np.median([one.high - one.low for one in own])))
        yield f"| {name[8:]} | {ratio} | {median:.2f} | {holds:.0%} | {width:.1f} | {high / low:.1f} |"
    yield ""


def _korea() -> Iterator[str]:
    """77 cases and 208 controls whose one cause is the diluent of two drugs given together."""
    rng = np.random.default_rng(20120104)
    seen = []
    for _ in range(SIMULATED):
        ribostamycin = rng.random(2984) < 0.25
        pheniramine = np.where(rng.random(2984) < 0.9, ribostamycin, rng.random(2984) < 0.3)
        ill = rng.random(2984) < np.where(ribostamycin, 0.09, 0.002)
        controls = rng.permutation(np.flatnonzero(~ill))[:208]
        people = np.concatenate([np.flatnonzero(ill), controls])
        both = np.column_stack([ribostamycin, pheniramine])[people].astype(float)
        case = ill[people].astype(float)
        alone = regression.firth(both[:, 1:], case)[0]
        seen.append((alone, *regression.firth(both, case)))
    yield "## Korea: two drugs, one diluent"
    yield ""
    yield (
        f"{SIMULATED} clinics of 2984 patients in which a drug's diluent alone makes ill, and a second drug "
        "is mostly given with it; 208 controls. In print pheniramine goes with illness alone (5.93, "
        "2.97-11.87) and loses it beside ribostamycin (8.71, 0.44-171.61), which keeps it."
    )
    yield ""
    yield "| | median odds ratio | p < 0.05 |"
    yield "|---|---|---|"
    names = (
        "second drug, alone",
        "first drug, both in the model",
        "second drug, both in the model",
    )
    for k, name in enumerate(names):
        own = [one[k] for one in seen]
        median = math.exp(float(np.median([one.estimate for one in own])))
        yield f"| {name} | {median:.1f} | {np.mean([one.p_value < 0.05 for one in own]):.0%} |"
    yield ""


def _mers(data: Path) -> Iterator[str]:
    """Cases of the last ten days as they would have been seen on a day, and as they turned out."""
    cases = _read(data / "linelists" / "outbreaks" / "mers_korea_2015_linelist.csv").cases
    pairs = list(cases.select("date_onset", "date_report").drop_nulls().iter_rows())
    yield "## Right truncation on real delays: MERS, Korea 2015"
    yield ""
    yield (
        f"{len(pairs)} cases with onset and report. On each day only those reported by then are given to the "
        "estimate; the truth is the whole list. Delays shortened while the outbreak ran, which a method "
        "that takes them as steady answers with too many cases."
    )
    yield ""
    yield "| as of | onsets from | known then | share known | expected | in the end |"
    yield "|---|---|---|---|---|---|"
    for day in (date(2015, 6, 5), date(2015, 6, 8), date(2015, 6, 12), date(2015, 6, 19)):
        first = day - timedelta(days=9)
        known = [(onset, report) for onset, report in pairs if report <= day]
        found = delays(known, day)
        seen = sum(first <= onset <= day for onset, _ in known)
        really = sum(first <= onset <= day for onset, _ in pairs)
        share = found.known(first, day, day) if found else math.nan
        yield f"| {day} | {first} | {seen} | {share:.2f} | {seen / share:.0f} | {really} |"
    yield ""


def main() -> None:
    """Write the page."""
    data = Path(sys.argv[1])
    page = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("docs/validation/cases.md")
    page.write_text("\n".join(lines(data)), encoding="utf-8")


if __name__ == "__main__":
    main()
