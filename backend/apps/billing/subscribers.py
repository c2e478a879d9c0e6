from datetime import datetime

from apps.billing import actions
from apps.core.events import on
from apps.visits.events import VisitCompleted


@on(VisitCompleted)
def issue_invoice(event: VisitCompleted) -> None:
    signed_at = datetime.fromisoformat(event.data["signed_at"])
    actions.issue_for_visit(visit_id=event.id, by=event.by, now=signed_at)
