"""The list of commands: under headings, in the order of work, a line of 80 columns each."""

from typing import Any

from typer.core import TyperGroup

HEADINGS = {
    "Start": {
        "demo": "Simulate an outbreak, investigate it, compare with the truth",
        "run": "From a sample sheet and a line list to the report",
        "profile": "Call one isolate: VCF, alignment and consensus",
        "type": "Species, clone, sequence type, resistance, quality of data",
    },
    "Compare": {
        "distances": "SNPs between isolates, and the sites compared",
        "clusters": "Single linkage at several levels: SNP addresses",
        "recombination": "Imported DNA in a clone; distances with and without it",
        "tree": "Maximum likelihood with support, or parsimony",
        "place": "New isolates on the branches of a tree",
        "date": "Rate and root of a tree, or that it has no clock signal",
        "background": "How close unlinked patients are, clone by clone",
    },
    "Investigate": {
        "cases": "Line lists read, checked, mapped, classified and described",
        "links": "Every pair: linked, not linked, mixed up or cannot tell",
        "sources": "Clinics, products, lots ranked as source of the infections",
        "questions": "Whom to ask what next",
        "trace": "Products, suppliers, lots and clinics the cases lead back to",
        "followup": "What is due: drugs, cultures, patients, facilities",
    },
    "Watch and keep": {
        "init": "Found a collection",
        "join": "Use a collection of another machine, by its object store",
        "add": "Add isolates to a collection: neighbours, clusters, alerts",
        "remove": "Take isolates out of all comparisons to come",
        "restore": "Bring isolates back, or a collection from its backup",
        "status": "What a collection holds",
        "log": "What was done to a collection; what became of its clusters",
        "watch": "Alerts on what is new in a collection, delivered",
        "alerts": "Alerts listed and acknowledged",
        "backup": "Write a collection to one file",
        "verify": "Check every checksum of a backup or a collection",
    },
    "Share and publish": {
        "serve": "Pages in the browser, and an API",
        "letter": "A laboratory letter of one page for each isolate",
        "document": "Reports, calls for cases, notices, referrals",
        "export": "Files for other programs, without identifiers",
        "bundle": "Isolates in a signed file, without patient data",
        "match": "Which isolates of another's bundle are near ours",
        "key": "Make a signing key",
    },
    "Set up and check": {
        "organism": "Organism folders listed, shown and checked",
        "reference": "Reference sequences installed, checked and removed",
        "user": "Users of a collection: roles, jurisdictions, passwords",
        "audit": "The audit log shown, and checked for tampering",
        "simulate": "Genomes, reads, outbreaks and line lists with their truth",
        "validate": "How right it is on this computer, as a pack to file",
    },
}


class Headings(TyperGroup):
    """A group whose help lists its commands as HEADINGS does."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each heading; names stand in one column through all of them."""
        width = max(map(len, self.commands))
        for heading, lines in HEADINGS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), line) for name, line in lines.items()])
