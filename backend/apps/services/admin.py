from typing import ClassVar

from django.contrib import admin

from apps.services.models import Icd10


@admin.register(Icd10)
class Icd10Admin(admin.ModelAdmin):
    """Reference data for everybody."""

    list_display = ("code", "name_ru", "is_dental")
    list_filter = ("is_dental",)
    search_fields: ClassVar = ("code", "name_ru")
    ordering = ("code",)
