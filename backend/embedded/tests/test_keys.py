import json
import stat
from pathlib import Path

import pytest

from embedded import keys
from embedded.keys import KeyFault

OUTSIDE = {
    "CLINIC_MODE": "production",
    "SECRET_KEY": "s" * 50,
    "FIELD_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "LOOKUP_KEY": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
}


def test_makes_keys_once_for_the_owner_of_the_folder_only(tmp_path: Path) -> None:
    first = keys.load(tmp_path, {})
    second = keys.load(tmp_path, {})

    assert {name: second[name] for name in first} == first
    assert len(set(first.values())) == len(first)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_production_invents_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="LOOKUP_KEY"):
        keys.load(tmp_path, OUTSIDE | {"LOOKUP_KEY": ""})

    assert not (tmp_path / "keys.json").exists()
    assert keys.load(tmp_path, OUTSIDE)["FIELD_KEY"] == OUTSIDE["FIELD_KEY"]


def test_a_key_given_from_outside_is_not_copied_into_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "field_key"
    secret.write_text(OUTSIDE["FIELD_KEY"] + "\n")
    given = {name: value for name, value in OUTSIDE.items() if name != "FIELD_KEY"}

    read = keys.load(tmp_path, given | {"FIELD_KEY_FILE": str(secret)})

    assert read["FIELD_KEY"] == OUTSIDE["FIELD_KEY"]
    stored = json.loads((tmp_path / "keys.json").read_text())
    assert not set(stored.values()) & set(OUTSIDE.values())


@pytest.mark.parametrize("mode", ["local", "production"])
@pytest.mark.parametrize("name", ["FIELD_KEY", "LOOKUP_KEY"])
def test_refuses_another_key_than_the_folder_was_made_with(
    tmp_path: Path, name: str, mode: str
) -> None:
    keys.load(tmp_path, OUTSIDE | {"CLINIC_MODE": mode})
    other = "X19fX19fX19fX19fX19fX19fX19fX19fX19fX19fX18="

    with pytest.raises(KeyFault, match=name):
        keys.load(tmp_path, OUTSIDE | {"CLINIC_MODE": mode, name: other})


def test_refuses_to_invent_keys_for_a_database_that_exists(tmp_path: Path) -> None:
    (tmp_path / "pgdata").mkdir()

    with pytest.raises(KeyFault, match=r"keys\.json"):
        keys.load(tmp_path, {})


def test_reads_dotenv_without_overriding_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embedded import up

    monkeypatch.setenv("CLINIC_TEST_STRONG", "environment")
    monkeypatch.setenv("CLINIC_TEST_WEAK", "")
    monkeypatch.delenv("CLINIC_TEST_WEAK")
    file = tmp_path / ".env"
    file.write_text("# words\nCLINIC_TEST_STRONG=file\nCLINIC_TEST_WEAK='file'\nHOST_IP_NOBODY=\n")

    up.read_env_file(file)

    assert up.os.environ["CLINIC_TEST_STRONG"] == "environment"
    assert up.os.environ["CLINIC_TEST_WEAK"] == "file"
    assert "HOST_IP_NOBODY" not in up.os.environ
