from collections.abc import Callable
from datetime import date
from itertools import count

import pytest

from apps.core.kz.iin import Sex, make_iin


@pytest.fixture
def new_iin() -> Callable[[str, Sex], str]:
    """A valid IIN that nobody has yet."""
    serials = count(100)

    def make(birth_date: str, sex: Sex) -> str:
        while True:
            if iin := make_iin(date.fromisoformat(birth_date), sex, next(serials)):
                return iin

    return make
