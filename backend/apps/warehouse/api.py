from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.core.api import In, ListIn, Out, StaffRequest, TenantViewSet, page_of
from apps.core.schema import page_schema
from apps.warehouse import actions
from apps.warehouse.models import Item


class Quantity(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=3, **kwargs)


class ItemOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="Unique in the organisation.")
    unit = serializers.CharField(help_text="What it is counted in, e.g. piece, ml, pack.")
    minimum = Quantity(help_text="Order more when less than this is left.")
    is_active = serializers.BooleanField(help_text="False: no longer kept, hidden from choices.")
    version = serializers.IntegerField(help_text="Send it back with a change.")


class ItemIn(In):
    name = serializers.CharField(max_length=160, help_text="Unique in the organisation.")
    unit = serializers.CharField(
        max_length=24, help_text="What it is counted in, e.g. piece, ml, pack."
    )
    minimum = Quantity(
        min_value=Decimal(0),
        required=False,
        help_text="Order more when less than this is left; 0 by default.",
    )
    is_active = serializers.BooleanField(required=False, help_text="True by default.")


class ItemChangeIn(ItemIn):
    name = serializers.CharField(
        max_length=160, required=False, help_text="Unique in the organisation."
    )
    unit = serializers.CharField(max_length=24, required=False, help_text="What it is counted in.")
    version = serializers.IntegerField(min_value=1, help_text="The version that was shown.")


class ItemListIn(ListIn):
    q = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="Any fragment of the name."
    )
    is_active = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Only those kept, or only those not.",
    )


class ItemViewSet(TenantViewSet):
    queryset = Item.objects.none()
    serializer_class = ItemOut
    permission = "stock:read"
    write_permission = "stock:write"

    @extend_schema(parameters=[ItemListIn], responses=page_schema(ItemOut, "ItemPage"))
    def list(self, request: StaffRequest) -> Response:
        """Things that the storeroom keeps, by name."""
        query = self.read(ItemListIn)
        rows = Item.objects.order_by("name", "id")
        if query.get("q"):
            rows = rows.filter(name__icontains=query["q"])
        if query["is_active"] is not None:
            rows = rows.filter(is_active=query["is_active"])
        return self.answer(page_of(rows, query, lambda items: list(ItemOut(items, many=True).data)))

    @extend_schema(request=ItemIn, responses={201: ItemOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a thing."""
        return self.show(actions.add_item(**self.read(ItemIn), by=request.user), status=201)

    @extend_schema(responses=ItemOut)
    def retrieve(self, request: StaffRequest, pk: Any) -> Response:
        """One thing."""
        return self.show(self.one(Item.objects, pk))

    @extend_schema(request=ItemChangeIn, responses=ItemOut)
    def partial_update(self, request: StaffRequest, pk: Any) -> Response:
        """Change a thing; a stale `version` is refused with 409 `stale`."""
        return self.show(actions.change_item(pk=pk, **self.read(ItemChangeIn), by=request.user))
