from apps.billing.actions.invoices import InvoiceWithoutLines, issue, issue_for_visit
from apps.billing.actions.payments import Overpaid, RefundTooLarge, refund, take
from apps.billing.actions.shifts import (
    NoOpenShift,
    ShiftAlreadyOpen,
    ShiftIsClosed,
    add_register,
    change_register,
    close_shift,
    open_shift,
)

__all__ = [
    "InvoiceWithoutLines",
    "NoOpenShift",
    "Overpaid",
    "RefundTooLarge",
    "ShiftAlreadyOpen",
    "ShiftIsClosed",
    "add_register",
    "change_register",
    "close_shift",
    "issue",
    "issue_for_visit",
    "open_shift",
    "refund",
    "take",
]
