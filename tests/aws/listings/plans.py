"""How a database would find what a statement asks for, and what in that would cost more the more is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from tests.aws.listings.world import Statement

SUBQUERIES = ("(subquery", "anon_")
"""What SQLite calls rows that another step of the plan has found."""

FEW = 10
"""Rows that may be sorted: those of a page, when they were found."""

# The planner counts on as many rows as a page held when the table was last looked at.
CLAIM_MANY_ROWS = """
UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def claim_many_rows(connection: sa.Connection) -> None:
    """Let PostgreSQL plan as for tables of a million rows a page: a few rows it would read however it likes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(CLAIM_MANY_ROWS)


def complaints(connection: sa.Connection, statement: Statement, *, is_short: bool, sifted: str) -> list[str]:
    """Return the steps of a statement's plan that walk over rows or sort them.

    Args:
        is_short: what the indexes find is few rows, which may be sorted.
        sifted: the column by which rows that an index found may be left out; PostgreSQL alone tells of that.
    """
    if connection.dialect.name == "sqlite":
        return list(_of_sqlite(connection, statement, is_short=is_short))
    return list(_of_postgresql(connection, statement, is_short=is_short, sifted=sifted))


def _of_sqlite(connection: sa.Connection, statement: Statement, *, is_short: bool) -> Iterator[str]:
    text, parameters = statement
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters):
        kind, _, what = row.detail.partition(" ")
        is_walk = kind == "SCAN" and not what.startswith(SUBQUERIES)
        is_sort = row.detail == "USE TEMP B-TREE FOR ORDER BY"
        if is_walk or kind == "MULTI-INDEX" or (is_sort and not is_short):
            yield row.detail


def _of_postgresql(connection: sa.Connection, statement: Statement, *, is_short: bool, sifted: str) -> Iterator[str]:
    text, parameters = statement
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}", parameters).scalar_one()
    for step in _steps(plan[0]["Plan"]):
        kind, where = step["Node Type"], step.get("Relation Name", "")
        if kind == "Seq Scan" or (kind.startswith("Index") and "Index Cond" not in step):
            yield f"{kind} {where}"
        if "Filter" in step and not (sifted and step["Filter"].startswith(f"({sifted} ")):
            yield f"{kind} {where} {step['Filter']}"
        if kind in {"Sort", "Incremental Sort"} and step["Plan Rows"] > FEW and not is_short:
            yield f"{kind} by {step['Sort Key']}"


def _steps(step: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield step
    for below in step.get("Plans", ()):
        yield from _steps(below)
