import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.kz.sms import measure

DATA = Path(__file__).parent / "data" / "sms_segments_vectors.json"
VECTORS = json.loads(DATA.read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["note"])
def test_agrees_with_the_vectors(vector):
    sms = measure(vector["text"])

    assert (sms.encoding, sms.units, sms.segments) == (
        vector["encoding"],
        vector["units"],
        vector["segments"],
    )


@given(st.text(max_size=400), st.characters(exclude_categories=["Cs"]))
def test_a_longer_text_never_costs_less(text, more):
    assert measure(text + more).segments >= measure(text).segments
