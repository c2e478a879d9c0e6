"""Services, their tree and prices; diagnoses."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.core.api import (
    Color,
    In,
    ListIn,
    Money,
    Out,
    PatchIn,
    StaffRequest,
    TenantKey,
    TenantViewSet,
    page_of,
)
from apps.core.errors import Forbidden
from apps.core.schema import page_schema
from apps.services import actions, queries
from apps.services.models import Category, Icd10, Service


class CategoryListIn(ListIn):
    size = serializers.IntegerField(min_value=1, max_value=200, default=200)


class CategoryIn(In):
    name = serializers.CharField(max_length=120)
    parent = TenantKey(Category.objects, required=False, allow_null=True)  # type: ignore[assignment]
    position = serializers.IntegerField(
        min_value=0,
        max_value=32000,
        required=False,
        help_text="Place among its neighbours, small first.",
    )


class CategoryPatch(PatchIn, CategoryIn):
    pass


class CategoryOut(Out):
    id = serializers.UUIDField()
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    name = serializers.CharField()
    position = serializers.IntegerField()
    path = serializers.ListField(
        child=serializers.CharField(), help_text="Names from the top of the tree to this one."
    )
    version = serializers.IntegerField()


class ServiceListIn(ListIn):
    q = serializers.CharField(max_length=80, required=False, help_text="Part of the code or name.")
    category = TenantKey(Category.objects, required=False, help_text="With everything under it.")
    is_active = serializers.BooleanField(required=False, help_text="Leave out for both.")


class ServiceBodyIn(In):
    category = TenantKey(Category.objects)
    code = serializers.CharField(max_length=24)
    name = serializers.CharField(max_length=200)
    unit = serializers.CharField(max_length=24, required=False)
    duration_minutes = serializers.IntegerField(min_value=5, max_value=720, required=False)
    buffer_before = serializers.IntegerField(
        min_value=0, max_value=120, required=False, help_text="Minutes to get ready."
    )
    buffer_after = serializers.IntegerField(
        min_value=0, max_value=120, required=False, help_text="Minutes to clean up."
    )
    color = Color(required=False)
    is_tooth_bound = serializers.BooleanField(required=False, help_text="Done to a certain tooth.")
    price = Money(min_value=0, max_digits=12, help_text="In the base price list.")


class ServicePatch(PatchIn, ServiceBodyIn):
    is_active = serializers.BooleanField()


class ServiceOut(Out):
    id = serializers.UUIDField()
    category = serializers.UUIDField(source="category_id")
    category_name = serializers.CharField(source="category.name")
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    duration_minutes = serializers.IntegerField()
    buffer_before = serializers.IntegerField(help_text="Minutes to get ready.")
    buffer_after = serializers.IntegerField(help_text="Minutes to clean up.")
    color = serializers.CharField()
    is_tooth_bound = serializers.BooleanField()
    is_active = serializers.BooleanField()
    price = Money(allow_null=True, help_text="Of the base price list; null while it has none.")
    version = serializers.IntegerField()


class DiagnosisListIn(ListIn):
    q = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="Beginning of a code, or words."
    )


class DiagnosisOut(Out):
    id = serializers.UUIDField()
    code = serializers.CharField()
    parent = serializers.CharField(help_text="The code above; empty at the top.")  # type: ignore[assignment]
    name = serializers.CharField(source="name_ru")
    is_dental = serializers.BooleanField(help_text="K00-K14; else a neighbour that dentists use.")


class PriceListViewSet(TenantViewSet):
    """One list for the whole organisation: everybody reads it, whoever manages all branches changes it."""

    permission = "services:read"
    write_permission = "services:write"

    def require_all(self) -> None:
        if not self.reach.all:
            raise Forbidden


class CategoryViewSet(PriceListViewSet):
    queryset = Category.objects.none()
    serializer_class = CategoryOut

    @extend_schema(parameters=[CategoryListIn], responses=page_schema(CategoryOut, "CategoryPage"))
    def list(self, request: StaffRequest) -> Response:
        """The tree as a flat list, parents before their children."""
        query = self.read(CategoryListIn)
        return self.answer(queries.categories(page=query["page"], size=query["size"]))

    @extend_schema(request=CategoryIn, responses={201: CategoryOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a category; needs the right in the whole organisation."""
        self.require_all()
        return self.shown(actions.create_category(**self.read(CategoryIn), by=request.user), 201)

    @extend_schema(request=CategoryPatch, responses=CategoryOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Rename or move a category; needs the right in the whole organisation."""
        self.require_all()
        row = self.one(Category.objects, pk)
        return self.shown(actions.change_category(row, **self.read(CategoryPatch), by=request.user))

    def shown(self, category: Category, status: int = 200) -> Response:
        return self.answer(queries.categories(one=category.pk)["items"][0], status=status)


class ServiceViewSet(PriceListViewSet):
    queryset = Service.objects.none()
    serializer_class = ServiceOut

    @extend_schema(parameters=[ServiceListIn], responses=page_schema(ServiceOut, "ServicePage"))
    def list(self, request: StaffRequest) -> Response:
        """Services with their base price, by code."""
        query = self.read(ServiceListIn)
        rows = queries.all_services().order_by("code", "id")
        if "category" in query:
            rows = rows.filter(category__in=queries.within(query["category"].pk))
        if "is_active" in query:
            rows = rows.filter(is_active=query["is_active"])
        rows = queries.named(rows, query["q"]) if query.get("q") else rows
        return self.answer(page_of(rows, query, lambda items: ServiceOut(items, many=True).data))

    @extend_schema(request=ServiceBodyIn, responses={201: ServiceOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a service with its base price; needs the right in the whole organisation."""
        self.require_all()
        return self.shown(actions.create_service(**self.read(ServiceBodyIn), by=request.user), 201)

    @extend_schema(responses=ServiceOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One service."""
        return self.show(self.one(queries.all_services(), pk))

    @extend_schema(request=ServicePatch, responses=ServiceOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a service or its base price. `is_active: false` takes it off the list; it is never deleted."""
        self.require_all()
        row = self.one(Service.objects, pk)
        return self.shown(actions.change_service(row, **self.read(ServicePatch), by=request.user))

    def shown(self, service: Service, status: int = 200) -> Response:
        return self.show(queries.all_services().get(pk=service.pk), status=status)


class DiagnosisViewSet(TenantViewSet):
    queryset = Icd10.objects.none()
    serializer_class = DiagnosisOut
    permission = "services:read"

    @extend_schema(
        parameters=[DiagnosisListIn], responses=page_schema(DiagnosisOut, "DiagnosisPage")
    )
    def list(self, request: StaffRequest) -> Response:
        """Diagnoses of ICD-10 by code or words."""
        query: dict[str, Any] = self.read(DiagnosisListIn)
        rows = queries.diagnoses(query.get("q", ""))
        return self.answer(page_of(rows, query, lambda items: DiagnosisOut(items, many=True).data))
