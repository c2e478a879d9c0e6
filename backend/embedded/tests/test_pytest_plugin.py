"""What the suite promises its authors: the application's role, and commits that stay in a database of their own."""

from django.db import connection

from embedded.postgres import APPLICATION


def test_the_suite_runs_as_the_application(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (APPLICATION, False, False)


def test_commits_reach_a_database_of_the_tests_own(committed_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (committed_db,)
    assert not connection.in_atomic_block


def test_and_the_next_test_is_back_in_the_common_one(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)
    assert connection.in_atomic_block
