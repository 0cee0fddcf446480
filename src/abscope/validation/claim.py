"""What was found beside what is published."""

from dataclasses import dataclass

from abscope.validation.exact import Share


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim held against public data. counted: what the share is of. remark: what to know about it."""

    name: str
    source: str
    counted: str
    share: Share
    remark: str = ""
