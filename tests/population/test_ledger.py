"""Clusters keep their names while isolates come and go, and the ledger says what happened."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from abscope.population.ledger import address, admitted, parts_of, withdrawn
from abscope.records import Entry

LEVEL = 10


class Book:
    """A collection in memory, kept by the pure functions alone; every pair's distance is given."""

    def __init__(self, distances):
        self.distances, self.numbers, self.order, self.next = distances, {}, [], 1
        self.entries: list[Entry] = []

    def near(self, one, two):
        return self.distances[frozenset((one, two))] <= LEVEL

    def apply(self, change):
        self.entries += change.entries
        for lost, kept in change.absorbed.items():
            self.numbers = {n: kept if c == lost else c for n, c in self.numbers.items()}
        self.numbers |= change.placed

    def add(self, isolate):
        reached = {c for n, c in self.numbers.items() if self.near(n, isolate)}
        fresh = self.next
        self.next += not reached
        self.apply(admitted(LEVEL, isolate, reached, fresh=fresh))
        self.order.append(isolate)

    def remove(self, isolate):
        cluster = self.numbers.pop(isolate)
        self.order.remove(isolate)
        members = [n for n in self.order if self.numbers[n] == cluster]
        pairs = [pair for pair in combinations(members, 2) if self.near(*pair)]
        change = withdrawn(LEVEL, isolate, cluster, parts_of(members, pairs), fresh=self.next)
        self.next += sum(entry.verb == "split" for entry in change.entries)
        self.apply(change)

    def partition(self):
        groups = {}
        for isolate, cluster in self.numbers.items():
            groups.setdefault(cluster, set()).add(isolate)
        return {frozenset(group) for group in groups.values()}

    def single_linkage(self):
        pairs = [pair for pair in combinations(self.numbers, 2) if self.near(*pair)]
        return {frozenset(part) for part in parts_of(sorted(self.numbers), pairs)}


NAMES = [f"i{n}" for n in range(8)]
DISTANCES = st.fixed_dictionaries(
    {frozenset(pair): st.integers(0, 25) for pair in combinations(NAMES, 2)}
)


@given(DISTANCES, st.permutations(NAMES), st.lists(st.sampled_from(NAMES), max_size=12))
def test_the_partition_is_that_of_single_linkage_whoever_comes_and_goes_in_whatever_order(
    distances, order, moves
):
    book = Book(distances)
    for isolate in order:
        book.add(isolate)
        assert book.partition() == book.single_linkage()
    for isolate in moves:
        (book.remove if isolate in book.numbers else book.add)(isolate)
        assert book.partition() == book.single_linkage()


@given(DISTANCES, st.permutations(NAMES))
def test_an_isolate_that_comes_renames_nobody_except_as_the_ledger_says(distances, order):
    book = Book(distances)
    for isolate in order:
        before, read = dict(book.numbers), len(book.entries)
        book.add(isolate)
        merged = {e.other: e.cluster for e in book.entries[read:] if e.verb == "merged"}
        for name, number in before.items():
            assert book.numbers[name] == merged.get(number, number)


@given(DISTANCES, st.permutations(NAMES), st.lists(st.sampled_from(NAMES), max_size=12))
def test_a_number_that_was_given_once_is_never_founded_again(distances, order, moves):
    book = Book(distances)
    for isolate in [*order, *moves]:
        (book.remove if isolate in book.numbers else book.add)(isolate)
    founded = [e.cluster for e in book.entries if e.verb == "founded"]
    founded += [e.other for e in book.entries if e.verb == "split"]
    assert len(founded) == len(set(founded))


def test_the_oldest_of_merging_clusters_keeps_its_number():
    change = admitted(LEVEL, "new", {7, 3, 5}, fresh=9)
    assert change.placed == {"new": 3}
    assert [entry.sentence for entry in change.entries] == [
        "cluster 5 became part of 3 at 10 SNPs",
        "cluster 7 became part of 3 at 10 SNPs",
        "new joined cluster 3 at 10 SNPs",
    ]


def test_a_snp_address_reads_from_the_loosest_level_to_the_tightest():
    assert address({0: 12, 5: 7, 250: 1, 25: 3}) == "1.3.7.12"
