"""Wide reads: each figure is one statement, shaped for the screen."""

from apps.reports.queries import appointments, dashboard, debts, revenue
from apps.reports.queries.slice import Slice

__all__ = ["Slice", "appointments", "dashboard", "debts", "revenue"]
