from apps.comms.tests.conftest import add_template

URL = "/api/v1/comms/templates"
HELLO = {"name": "Привет", "text_ru": "Здравствуйте, _ИМЯ_ПАЦИЕНТА_!", "text_kk": "Сәлем!"}


def test_the_marketer_adds_a_template(as_role):
    marketer = as_role("marketer")

    r = marketer.post(URL, HELLO)

    assert r.status_code == 201
    expected = HELLO | {"channel": "sms", "purpose": "free", "is_active": True, "version": 1}
    assert r.json() == expected | {"id": r.json()["id"]}
    assert marketer.get(f"{URL}/{r.json()['id']}").json() == r.json()


def test_a_colleague_reads_but_does_not_add(as_role):
    as_role("marketer").post(URL, HELLO)

    assert as_role("call_center").post(URL, HELLO | {"name": "B"}).status_code == 403
    assert as_role("call_center").get(URL).json()["total"] == 1
    assert as_role("cashier").get(URL).status_code == 403


def test_a_strangers_template_does_not_exist(as_role, rival):
    theirs = add_template(rival, "CANARY")
    ours = as_role("marketer")

    assert ours.get(URL).json()["items"] == []
    r = ours.patch(f"{URL}/{theirs.pk}", {"version": 1, "name": "X"})
    assert (r.status_code, r.json()["code"]) == (404, "not_found")


def test_an_unknown_placeholder_is_refused_field_by_field(as_role):
    r = as_role("marketer").post(
        URL, HELLO | {"text_ru": "_ИМЯ_ПАЦИЕНТА_ _ИМЯ_", "text_kk": "_имя_пациента_ _BONUS_"}
    )

    assert (r.status_code, r.json()["code"]) == (400, "unknown_placeholder")
    assert set(r.json()["fields"]) == {"text_ru", "text_kk"}
    assert r.json()["details"]["placeholders"] == ["_BONUS_", "_ИМЯ_", "_имя_пациента_"]


def test_only_one_active_template_confirms_bookings(as_role):
    marketer = as_role("marketer")
    first = marketer.post(URL, HELLO | {"purpose": "booking"}).json()
    second = HELLO | {"name": "Другой", "purpose": "booking"}

    assert "purpose" in marketer.post(URL, second).json()["fields"]
    assert marketer.post(URL, second | {"is_active": False}).status_code == 201
    marketer.patch(f"{URL}/{first['id']}", {"version": 1, "is_active": False})
    assert marketer.post(URL, second | {"name": "Третий"}).status_code == 201


def test_a_change_names_its_version_and_a_stale_one_is_refused(as_role):
    marketer = as_role("marketer")
    url = f"{URL}/{marketer.post(URL, HELLO).json()['id']}"

    assert marketer.patch(url, {"version": 1, "name": "Новое"}).json()["version"] == 2
    r = marketer.patch(url, {"version": 1, "name": "Старое"})
    assert (r.status_code, r.json()["details"]["changed"]) == (409, ["name"])
    assert marketer.patch(url, {"version": 2, "text_ru": "_НЕТ_"}).status_code == 400
    assert marketer.patch(url, {"version": 2, "organization": "x"}).status_code == 400


def test_lists_the_placeholders(as_role):
    items = as_role("marketer").get("/api/v1/comms/placeholders").json()["items"]

    assert {item["name"] for item in items if item["needs_visit"]} == {
        "_ДАТА_ВИЗИТА_",
        "_ВРЕМЯ_ВИЗИТА_",
        "_ВРАЧ_",
    }


def test_the_contract_spelling_without_a_version_answers_too(as_role):
    assert as_role("marketer").post("/api/comms/templates/", HELLO).status_code == 201


def test_counts_its_queries(as_role, clinic, django_assert_max_num_queries):
    for n in range(30):
        add_template(clinic, "Да", name=f"T{n}")
    marketer = as_role("marketer")
    with django_assert_max_num_queries(9):
        assert len(marketer.get(URL, {"size": 200}).json()["items"]) == 30
