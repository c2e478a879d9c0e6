"""What can happen in the calendar. Every ``data`` of an appointment holds ``version``, ``changed``, ``employee_id``,
``starts_at``, ``ends_at`` and ``status``; those of a step also ``from`` and ``to``; ``opened``: kinds of reserves into
which a reason let it. Never a name."""

from apps.core.events import Event


class _OfAppointment(Event):
    resource = "appointments"
    shown_on_day = True


class AppointmentBooked(_OfAppointment):
    """A new appointment; ``status`` is ``booked``, or ``draft``, which takes no time."""


class AppointmentMoved(_OfAppointment):
    """Another time, employee, chair or branch. Also ``old_branch_id``, ``old_employee_id``, ``old_starts_at``."""


class AppointmentEdited(_OfAppointment):
    """Services, note, urgency or source."""


class AppointmentStatusChanged(_OfAppointment):
    """A step forward, or back from "arrived"."""


class AppointmentCanceled(_OfAppointment):
    """By the clinic or the patient, also ``canceled_by`` and ``code``. Its time is free again."""


class AppointmentRebooked(_OfAppointment):
    """Its patient did not come and gets another time: ``to_id``, ``to_starts_at``."""


class AppointmentSettled(_OfAppointment):
    """It lay over the time of others, which has become free: it is like any other now."""


class AppointmentRestored(_OfAppointment):
    """Back from "canceled" or "no show", into the same place."""


class _OfConfirmation(Event):
    """What is told of an appointment, under the word of those who call about it."""

    resource = "confirmations"


class ContactBegun(_OfConfirmation):
    """Somebody calls the patient."""


class ContactLeft(_OfConfirmation):
    """He hung up without a result."""


class ContactMade(_OfConfirmation):
    """Also ``result``, and ``call_back_at`` of a call that is asked for. Never what was said."""


class _OfBreak(Event):
    """data: ``version``, ``changed``, ``starts_at``, ``ends_at`` and one of ``employee_id``, ``chair_id``, ``room_id``."""

    resource = "breaks"
    shown_on_day = True


class BreakPlaced(_OfBreak):
    """Placed, or moved (then with the names of what changed)."""


class BreakRemoved(_OfBreak):
    pass


class BreakSkipped(_OfBreak):
    """The night could not carry a rule to this day: its time is taken. Also ``rule_id``."""

    shown_on_day = False


class _OfBreakRule(Event):
    """data: ``version``, ``changed``, ``employee_id``."""

    resource = "break-rules"
    shown_on_day = True


class BreakRulePlaced(_OfBreakRule):
    """Its breaks of the next twelve months stand."""


class BreakRuleChanged(_OfBreakRule):
    """Its future breaks were made anew."""


class BreakRuleRemoved(_OfBreakRule):
    """Its future breaks are gone, those of the past stay."""


class _OfReserve(Event):
    """data: ``version``, ``changed``."""

    resource = "reserves"
    shown_on_day = True


class ReservePlaced(_OfReserve):
    pass


class ReserveChanged(_OfReserve):
    pass


class ReserveRemoved(_OfReserve):
    pass


class _OfHold(Event):
    """data: ``employee_id``, ``starts_at``, ``ends_at``, ``expires_at``."""

    resource = "holds"
    shown_on_day = True


class HoldTaken(_OfHold):
    """A place is kept for a few minutes, or for some more."""


class HoldEnded(_OfHold):
    """Given back, or over. One that was booked does not tell: the appointment does."""


class _OfWaiting(Event):
    """data: ``version``, ``changed``, ``status``."""

    resource = "waiting"


class WaitingAdded(_OfWaiting):
    """By hand, or because an appointment was taken off the calendar."""


class WaitingChanged(_OfWaiting):
    """Contacted, canceled, or another comment, doctor, length."""


class WaitingScheduled(_OfWaiting):
    """He has got his time."""


class WaitingContacted(_OfWaiting):
    """He was called. Also ``result``."""


class SlotOffered(_OfWaiting):
    """A freed place is kept for him. Also ``employee_id``, ``starts_at``."""


class OfferDeclined(_OfWaiting):
    """He does not want it; the place is free again. Also ``employee_id``, ``starts_at``, if it was still kept."""


class _OfSubstitution(Event):
    """data: ``version``, ``changed``, ``absent_id``, ``substitute_id``, ``first_day``, ``last_day``."""

    resource = "substitutions"
    shown_on_day = True


class SubstitutionMade(_OfSubstitution):
    """What became of the appointments, each of them tells itself."""


class SubstitutionEnded(_OfSubstitution):
    """Removed, or shortened to the days that are over."""


class _OfView(Event):
    """data: ``version``, ``changed``."""

    resource = "views"


class ViewSaved(_OfView):
    pass


class ViewChanged(_OfView):
    pass


class ViewRemoved(_OfView):
    pass


class _OfFeed(Event):
    """``id``: the employee. Its secret is nowhere but in the one answer."""

    resource = "feeds"


class FeedIssued(_OfFeed):
    """An earlier address of his no longer opens."""


class FeedRevoked(_OfFeed):
    pass
