"""How large the generated clinic is, and the ids of what is in it: the same in every load."""

from dataclasses import dataclass
from uuid import UUID, uuid5

SPACE = UUID("0198b9a0-0000-7000-8000-00000000be4c")
SLOTS, DOCTORS, BRANCHES = 15, 12, 5
FIRST_HOUR = 9


def number(kind: str, *parts: int) -> UUID:
    """The id of the n-th thing of a kind."""
    return uuid5(SPACE, f"{kind}/{'/'.join(map(str, parts))}")


@dataclass(frozen=True)
class Size:
    patients: int = 100_000
    days: int = 1110  # of which the last 30 are ahead
    small: int = 20  # organisations beside the large one


SIZES = {
    "full": Size(),
    "tenth": Size(days=111),  # the same clinic with a tenth of the history
    "smoke": Size(patients=2_000, days=45, small=2),
}
