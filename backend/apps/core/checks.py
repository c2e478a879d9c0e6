"""System checks that keep the four locks in every model that somebody adds."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db import models

from apps.core.tenancy import TenantForeignKey, TenantModel


@register()
def tenant_models_are_locked(**kwargs: Any) -> list[Error]:
    faults: list[Error] = []
    for model in apps.get_models(include_auto_created=True):
        faults += _relations(model)
        if issubclass(model, TenantModel):
            faults += _keys(model)
    return faults


def _relations(model: Any) -> list[Error]:
    faults = []
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        own = isinstance(field, models.ForeignKey | models.ManyToManyField)
        if own and isinstance(target, type) and issubclass(target, TenantModel):
            if not isinstance(field, TenantForeignKey):
                faults.append(
                    _fault(model, field.name, "must be a TenantForeignKey", "clinic.E001")
                )
            elif not issubclass(model, TenantModel):
                faults.append(
                    _fault(model, field.name, "platform points at a tenant", "clinic.E002")
                )
        if type(field).__name__ == "GenericForeignKey" and issubclass(model, TenantModel):
            faults.append(_fault(model, field.name, "generic keys cross tenants", "clinic.E003"))
    return faults


def _keys(model: Any) -> list[Error]:
    faults = []
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            faults.append(
                _fault(model, field.name, "unique without the organisation", "clinic.E004")
            )
    for constraint in model._meta.constraints:
        names = list(getattr(constraint, "fields", ()) or ())
        names += [str(getattr(e, "name", "")) for e in getattr(constraint, "expressions", ()) or ()]
        names += [
            str(e[0]) for e in getattr(constraint, "expressions", ()) or () if isinstance(e, tuple)
        ]
        if not isinstance(constraint, models.CheckConstraint) and not any(
            "organization" in name for name in names
        ):
            faults.append(
                _fault(
                    model, constraint.name, "does not begin with the organisation", "clinic.E005"
                )
            )
    return faults


def _fault(model: Any, name: str, text: str, number: str) -> Error:
    return Error(f"{model._meta.label}.{name}: {text}", obj=model, id=number)
