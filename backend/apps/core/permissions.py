"""Who may do what: the role matrix as data, closed by default.

A permission is ``resource:action``. Its reach is ``all`` (the organisation), ``branch`` (the branches of the
membership; all of them when the membership names none) or ``own`` (oneself, or the patients one treats).
Two roles add up. Source: the role matrix of docs/invariants.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    BRANCH_ADMIN = "branch_admin", _("Branch manager")
    REGISTRAR = "registrar", _("Front desk")
    DOCTOR = "doctor", _("Doctor")
    ASSISTANT = "assistant", _("Assistant")
    NURSE = "nurse", _("Nurse")
    CASHIER = "cashier", _("Cashier")
    ACCOUNTANT = "accountant", _("Accountant")
    WAREHOUSE = "warehouse", _("Storekeeper")
    MARKETER = "marketer", _("Marketer")
    CALL_CENTER = "call_center", _("Call centre")
    READONLY = "readonly", _("Auditor")
    PATIENT = "patient", _("Patient")


STAFF = [role for role in Role if role is not Role.PATIENT]

_OW, _AD, _BM, _RC, _DR, _AS, _NU = (
    "owner",
    "admin",
    "branch_admin",
    "registrar",
    "doctor",
    "assistant",
    "nurse",
)
_CA, _AC, _WH, _MK, _CC, _AU = (
    "cashier",
    "accountant",
    "warehouse",
    "marketer",
    "call_center",
    "readonly",
)
_KEYS = {"OW": _OW, "AD": _AD, "BM": _BM, "RC": _RC, "DR": _DR, "AS": _AS, "NU": _NU, "CA": _CA,
         "AC": _AC, "WH": _WH, "MK": _MK, "CC": _CC, "AU": _AU}  # fmt: skip


def _roles(all_: str = "", branch: str = "", own: str = "") -> dict[str, str]:
    reach = {_KEYS[k]: "own" for k in own.split()}
    reach |= {_KEYS[k]: "branch" for k in branch.split()}
    return reach | {_KEYS[k]: "all" for k in all_.split()}


_EVERYBODY = "OW AD BM RC DR AS NU CA AC WH MK CC AU"

MATRIX: dict[str, dict[str, str]] = {
    # Organisation settings and integrations
    "settings:read": _roles("OW AD AU"),
    "settings:write": _roles("OW AD"),
    # Users and roles; nobody grants above his own (see apps.core.users)
    "users:read": _roles("OW AD AU", "BM"),
    "users:write": _roles("OW AD", "BM"),
    # Branches, rooms, rosters, and the public part of the staff list
    "structure:read": _roles("OW AD AC MK AU", "BM RC DR AS NU CA WH CC"),
    "structure:write": _roles("OW AD", "BM"),
    "staff:read": _roles("OW AD AC MK AU", "BM RC DR AS NU CA WH CC"),
    "staff:write": _roles("OW AD", "BM"),
    # Patient identity; phones and e-mail in clear need patients:contacts
    "patients:read": _roles("OW AD AC MK AU", "BM RC CA CC", "DR AS NU"),
    "patients:write": _roles("OW AD", "BM RC CC", "DR"),
    "patients:contacts": _roles("OW AD", "BM RC CC", "DR AS NU"),
    "iin:read": _roles("OW AD AC", "BM RC", "DR"),
    "iin:masked": _roles("OW AD AC AU", "BM RC CA CC", "DR AS NU"),  # the last four digits
    # Medical record, chart, diagnoses, diary
    "record:read": _roles("OW", "", "DR AS NU"),
    "record:write": _roles("", "", "DR AS NU"),
    # Appointments; status alone for the doctor's own
    "appointments:read": _roles("OW AD AU", "BM RC AS NU CA CC", "DR"),
    "appointments:write": _roles("OW AD", "BM RC CC"),
    "appointments:status": _roles("OW AD", "BM RC CC", "DR"),
    "appointments:overbook": _roles("OW AD", "BM"),
    # Visits and works done; signing is the doctor's alone
    "visits:read": _roles("OW AD AU", "BM RC CA", "DR AS NU"),
    "visits:write": _roles("", "", "DR AS NU"),
    "visits:sign": _roles("", "", "DR"),
    "visits:prices": _roles("OW AD AC AU", "BM RC CA", "DR AS NU"),
    # Services, price lists
    "services:read": _roles(_EVERYBODY),
    "services:write": _roles("OW AD AC", "BM"),
    # Money
    "invoices:read": _roles("OW AD AC AU", "BM RC CA", "DR"),
    "invoices:write": _roles("OW AC", "BM RC CA"),
    "payments:read": _roles("OW AD AC AU", "CA"),
    "payments:write": _roles("OW AC", "CA"),
    "payments:refund": _roles("OW AC", "CA"),
    "shifts:read": _roles("OW AD AC AU", "BM", "CA"),
    "shifts:write": _roles("", "", "CA"),
    "shifts:close": _roles(
        "", "BM", "CA"
    ),  # the manager counts a drawer that its cashier left open
    "ledger:read": _roles("OW AC AU", "BM", "DR"),
    # Storeroom; the price paid needs stock:cost
    "stock:read": _roles("OW AD DR AC WH AU", "BM", "AS NU"),
    "stock:write": _roles("WH"),
    "stock:cost": _roles("OW AC WH AU"),
    # Messages
    "templates:read": _roles("OW AD MK CC AU", "BM"),
    "templates:write": _roles("MK"),
    "messages:read": _roles("OW AD MK AU", "BM RC CC", "DR"),
    "messages:write": _roles("", "CC"),
    # Journal of events
    "journal:read": _roles("OW AD AU"),
    # One's own account
    "self": _roles(_EVERYBODY),
}


@dataclass(frozen=True)
class Grant:
    """One membership: a role, in one branch or (None) in all."""

    role: str
    branch_id: UUID | None


@dataclass(frozen=True)
class Scope:
    """How far a permission reaches for a person. Falsy when it does not reach anything."""

    all: bool = False
    branches: frozenset[UUID] = frozenset()
    own: bool = False

    def __bool__(self) -> bool:
        return self.all or bool(self.branches) or self.own

    def covers(self, branch_id: UUID | None) -> bool:
        """Is a record of this branch inside, ownership aside?"""
        return self.all or branch_id in self.branches

    @property
    def word(self) -> str:
        return "all" if self.all else "branch" if self.branches else "own" if self.own else ""


NOTHING = Scope()


def scope(permission: str, grants: Iterable[Grant]) -> Scope:
    roles = MATRIX.get(permission)
    if roles is None:
        return NOTHING
    everywhere, own, branches = False, False, set()
    for grant in grants:
        reach = roles.get(grant.role)
        if reach == "all" or (reach == "branch" and grant.branch_id is None):
            everywhere = True
        elif reach == "branch" and grant.branch_id is not None:
            branches.add(grant.branch_id)
        elif reach == "own":
            own = True
    return Scope(everywhere, frozenset(branches), own)


# What the socket may tell of: word of the resource → permissions, any of which is enough to hear that one has changed.
# A payment also moves its invoice and the figures; a shift of the cash desk is shown beside its register.
NEWS: dict[str, tuple[str, ...]] = {
    "absences": ("staff:read",),
    "appointments": ("appointments:read",),
    "break-rules": ("appointments:read",),
    "breaks": ("appointments:read",),
    "branches": ("structure:read",),
    "cash-shifts": ("shifts:read",),
    "categories": ("services:read",),
    "chairs": ("structure:read",),
    "confirmations": ("appointments:status",),
    "devices": ("structure:read",),
    "employees": ("staff:read",),
    "feeds": ("staff:read",),
    "holds": ("appointments:read",),
    "invoices": ("invoices:read", "ledger:read"),
    "items": ("stock:read",),
    "me": ("self",),
    "messages": ("messages:read",),
    "patients": ("patients:read",),
    "payments": ("payments:read", "invoices:read", "ledger:read"),
    "positions": ("staff:read",),
    "registers": ("structure:read",),
    "reserves": ("appointments:read",),
    "rooms": ("structure:read",),
    "rota": ("staff:read",),
    "services": ("services:read",),
    "sessions": ("self",),
    "settings": ("settings:read", "structure:read"),
    "shifts": ("staff:read",),
    "special-days": ("structure:read",),
    "specialities": ("staff:read",),
    "substitutions": ("staff:read",),
    "templates": ("templates:read",),
    "users": ("users:read",),
    "views": ("appointments:read",),
    "visits": ("visits:prices",),
    "waiting": ("appointments:read",),
}


def news_in(branch_id: UUID, grants: Iterable[Grant]) -> frozenset[str]:
    """The resources whose changes in this branch these memberships may hear of."""
    grants = tuple(grants)

    def reaches(permission: str) -> bool:
        found = scope(permission, grants)
        return found.own or found.covers(branch_id)

    return frozenset(word for word, needed in NEWS.items() if any(map(reaches, needed)))
