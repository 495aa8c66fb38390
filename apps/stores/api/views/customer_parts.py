"""What belongs to one customer: addresses, identities, notes, company, consents, merges; and the right to be forgotten."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.customers.models import Company, Identity, Merge
from apps.customers.services import details, profile
from apps.stores.api.base import created
from apps.stores.api.proof import proof_of
from apps.stores.api.serializers import customer as shapes
from apps.stores.api.views.customers import CustomerBase
from apps.stores.permissions import Perm
from apps.stores.queries import customer_data, customer_views
from apps.stores.services import order_people


@extend_schema(tags=["customers"])
class AddressListView(CustomerBase):
    """Where a customer has things brought."""

    @extend_schema(operation_id="customer_addresses_list", responses=shapes.AddressesOut)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """The default one first."""
        rows = self.customer(customer_id).addresses.order_by("-is_default", "-updated_at")
        return Response({"results": [customer_views.address_view(row) for row in rows]})

    @extend_schema(
        operation_id="customer_addresses_create",
        request=shapes.CustomerAddressIn,
        responses={201: shapes.CustomerAddressOut},
    )
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """A new one; the first is the default."""
        values = self.given(shapes.CustomerAddressIn, request)
        row = details.add_address(customer_id=customer_id, values=values, actor=self.actor)
        return created(customer_views.address_view(row))


@extend_schema(tags=["customers"])
class AddressView(CustomerBase):
    """One address."""

    @extend_schema(
        operation_id="customer_addresses_update", request=shapes.CustomerAddressIn, responses=shapes.CustomerAddressOut
    )
    def patch(self, request: Request, customer_id: UUID, address_id: UUID, **_kwargs: Any) -> Response:
        """Change what the body names."""
        values = self.given(shapes.CustomerAddressIn, request)
        row = details.change_address(customer_id=customer_id, address_id=address_id, values=values, actor=self.actor)
        return Response(customer_views.address_view(row))

    @extend_schema(operation_id="customer_addresses_delete", responses={204: None})
    def delete(self, request: Request, customer_id: UUID, address_id: UUID, **_kwargs: Any) -> Response:
        """Forget it."""
        details.remove_address(customer_id=customer_id, address_id=address_id, actor=self.actor)
        return Response(status=204)


@extend_schema(tags=["customers"])
class IdentityListView(CustomerBase):
    """How a customer is recognised."""

    @extend_schema(operation_id="customer_identities_list", responses=shapes.IdentitiesOut)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Oldest first."""
        rows = Identity.objects.filter(customer=self.customer(customer_id)).order_by("created_at", "id")
        return Response({"results": [customer_views.identity_view(row) for row in rows]})

    @extend_schema(
        operation_id="customer_identities_create", request=shapes.IdentityIn, responses={201: shapes.IdentityOut}
    )
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """One more. 409 `identity_taken` says whose it is, so that the two can be merged."""
        given = self.given(shapes.IdentityIn, request)
        row = profile.add_identity(customer_id=customer_id, country=self.country, actor=self.actor, **given)
        return created(customer_views.identity_view(row))


@extend_schema(tags=["customers"])
class IdentityView(CustomerBase):
    """One identity."""

    @extend_schema(operation_id="customer_identities_delete", responses={204: None})
    def delete(self, request: Request, customer_id: UUID, identity_id: UUID, **_kwargs: Any) -> Response:
        """The customer is no longer recognised by it."""
        profile.remove_identity(customer_id=customer_id, identity_id=identity_id, actor=self.actor)
        return Response(status=204)


@extend_schema(tags=["customers"])
class NoteListView(CustomerBase):
    """What staff wrote about a customer."""

    @extend_schema(operation_id="customer_notes_list", responses=shapes.NotesOut)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Newest first."""
        rows = self.customer(customer_id).notes.order_by("-created_at", "-id")
        return Response({"results": [customer_views.note_view(row) for row in rows]})

    @extend_schema(operation_id="customer_notes_create", request=shapes.NoteIn, responses={201: shapes.NoteOut})
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """A new note."""
        text = self.given(shapes.NoteIn, request)["text"]
        return created(customer_views.note_view(details.add_note(customer_id=customer_id, text=text, actor=self.actor)))


@extend_schema(tags=["customers"])
class NoteView(CustomerBase):
    """One note."""

    @extend_schema(operation_id="customer_notes_delete", responses={204: None})
    def delete(self, request: Request, customer_id: UUID, note_id: UUID, **_kwargs: Any) -> Response:
        """Delete it."""
        details.remove_note(customer_id=customer_id, note_id=note_id, actor=self.actor)
        return Response(status=204)


@extend_schema(tags=["customers"])
class CompanyView(CustomerBase):
    """The company a customer buys for."""

    @extend_schema(operation_id="customer_company_set", request=shapes.CompanyIn, responses=shapes.CompanyIn)
    def put(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Set it; what is not named stays. 400 for a CNPJ or VAT number with a wrong digit."""
        values = self.given(shapes.CompanyIn, request)
        if not Company.objects.filter(customer_id=customer_id).exists() and not values.get("name"):
            values = {**values, "name": self.customer(customer_id).name}
        row = profile.set_company(customer_id=customer_id, values=values, actor=self.actor)
        return Response(customer_views.company_view(row))

    @extend_schema(operation_id="customer_company_delete", responses={204: None})
    def delete(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """They buy as a person again."""
        profile.remove_company(customer_id=customer_id, actor=self.actor)
        return Response(status=204)


@extend_schema(tags=["customers"])
class ConsentListView(CustomerBase):
    """What a customer agreed to."""

    @extend_schema(operation_id="customer_consents_list", responses=shapes.ConsentsOut)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """How it stands, and every word with its proof."""
        return Response(customer_data.consents(self.customer(customer_id).pk))

    @extend_schema(
        operation_id="customer_consents_create", request=shapes.ConsentIn, responses={201: shapes.ConsentsOut}
    )
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """A "yes" or "no" somebody gave to the staff."""
        values = self.given(shapes.ConsentIn, request)
        details.set_consent(customer_id=customer_id, values=values, proof=proof_of(request), actor=self.actor)
        return created(customer_data.consents(customer_id))


def merge_view(row: Merge) -> dict[str, Any]:
    """A merge."""
    return {"id": str(row.pk), "source": str(row.source_id), "target": str(row.target_id), "reason": row.reason,
            "merged_at": row.merged_at, "undone_at": row.undone_at}  # fmt: skip


@extend_schema(tags=["customers"])
class MergeView(CustomerBase):
    """Two customers that are one."""

    needs: ClassVar = {"GET": Perm.CUSTOMERS_VIEW, "POST": Perm.CUSTOMERS_MANAGE}

    @extend_schema(operation_id="customer_merges_list", responses=shapes.MergesOut)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Which were merged into this one."""
        rows = self.customer(customer_id).merges.order_by("-merged_at")
        return Response({"results": [merge_view(row) for row in rows]})

    @extend_schema(operation_id="customers_merge", request=shapes.MergeIn, responses=shapes.MergeOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """The customer of the body turns out to be the one of the path: orders, points and everything else move here."""
        given = self.given(shapes.MergeIn, request)
        row = order_people.merge_customers(
            source_id=given["customer_id"], target_id=customer_id, reason=given["reason"], actor=self.actor
        )
        return Response(merge_view(row))


@extend_schema(tags=["customers"])
class UnmergeView(CustomerBase):
    """Two customers that were not one after all."""

    needs: ClassVar = {"POST": Perm.CUSTOMERS_MANAGE}

    @extend_schema(operation_id="customers_unmerge", request=shapes.UnmergeIn, responses=shapes.MergeOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """What moved goes back."""
        merge_id = self.given(shapes.UnmergeIn, request)["merge_id"]
        row = order_people.unmerge_customers(merge_id=merge_id, customer_id=customer_id, actor=self.actor)
        return Response(merge_view(row))


@extend_schema(tags=["customers"])
class ExportView(CustomerBase):
    """Everything that is kept of somebody."""

    needs: ClassVar = {"GET": Perm.CUSTOMERS_MANAGE}

    @extend_schema(operation_id="customers_export", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """In one document, to hand over."""
        body = customer_data.export(self.customer(customer_id), with_notes=True)
        return Response(body, headers={"Cache-Control": "no-store"})


@extend_schema(tags=["customers"])
class EraseView(CustomerBase):
    """The right to be forgotten."""

    needs: ClassVar = {"POST": Perm.CUSTOMERS_MANAGE}

    @extend_schema(operation_id="customers_erase", request=None, responses=shapes.CustomerOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Orders keep their amounts and lose the person. 409 `orders_open` while one is under way."""
        order_people.erase_customer(customer_id=customer_id, actor=self.actor)
        return self.shown(customer_id)
