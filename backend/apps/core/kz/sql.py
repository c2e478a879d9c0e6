"""The SQL twins of ``kz_fold`` and ``kz_sort_key``.

For ``migrations.RunSQL(CREATE, DROP)``. Any server, any locale: ``lower`` under collation "C"
touches ASCII only, the rest comes from the tables. Two things to know when using them:

* order by ``kz_sort(name) COLLATE "C"`` - and build the index with the same words - since a
  function cannot fix the collation of its answer and the database may have another default;
* changing a table changes what an index holds, so it needs a migration that rebuilds the indexes.
"""

from apps.core.kz.text import FOLD_TABLE, SORT_TABLE


def _function(name: str, table: tuple[str, str]) -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}(t text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.translate(pg_catalog.lower(t COLLATE "C"),
    '{table[0]}',
    '{table[1]}') $$"""


CREATE_FOLD = _function("kz_fold", FOLD_TABLE)
CREATE_SORT = _function("kz_sort", SORT_TABLE)
CREATE = f"{CREATE_FOLD};\n{CREATE_SORT};\n"
DROP = "DROP FUNCTION IF EXISTS kz_fold(text);\nDROP FUNCTION IF EXISTS kz_sort(text);\n"
