from apps.core.events import Event


class InvoiceIssued(Event):
    """data: ``label``, ``year``, ``number``, ``total``, ``visit``, ``employee_id``, ``day`` (of the branch, ISO)."""

    resource = "invoices"
    shown_on_day = True  # the mark of a debt


class PaymentTaken(Event):
    """data: ``invoice``, ``employee_id`` (of the invoice), ``method``, ``amount``, ``day`` (of the branch, ISO),
    ``shift``, ``state`` (of the invoice, afterwards)."""

    resource = "payments"
    shown_on_day = True


class PaymentRefunded(Event):
    """As ``PaymentTaken``, and ``refund_of``. The amount is positive; the money went out."""

    resource = "payments"
    shown_on_day = True


class ShiftOpened(Event):
    """data: ``version``, ``register``, ``opening_cash``."""

    resource = "cash-shifts"


class ShiftClosed(Event):
    """data: ``version``, ``changed``, ``register``, ``expected``, ``counted``, ``difference``."""

    resource = "cash-shifts"


class RegisterAdded(Event):
    resource = "registers"


class RegisterChanged(Event):
    """data: ``version``, ``changed``."""

    resource = "registers"
