"""Paths of customers, loyalty, wishlists and a customer's own profile: `urlpatterns` under a store, `global_patterns` above."""

from django.urls import path

from apps.stores.api.views import customer_parts, customers, loyalty, my_profile, reorder, wishlist

ONE = "customers/<uuid:customer_id>/"

urlpatterns = [
    path("customers/", customers.CustomerListView.as_view()),
    path("customers/stats/", customers.CustomerStatsView.as_view()),
    path("customers/search/", customers.CustomerSearchView.as_view()),
    path("customers/by_phone/", customers.CustomerByPhoneView.as_view()),
    path("crm/customers/search/", customers.CrmSearchView.as_view()),
    path(ONE, customers.CustomerView.as_view()),
    path(f"{ONE}orders/", customers.CustomerOrdersView.as_view()),
    path(f"{ONE}block/", customers.BlockView.as_view()),
    path(f"{ONE}unblock/", customers.UnblockView.as_view()),
    path(f"{ONE}addresses/", customer_parts.AddressListView.as_view()),
    path(f"{ONE}addresses/<uuid:address_id>/", customer_parts.AddressView.as_view()),
    path(f"{ONE}identities/", customer_parts.IdentityListView.as_view()),
    path(f"{ONE}identities/<uuid:identity_id>/", customer_parts.IdentityView.as_view()),
    path(f"{ONE}notes/", customer_parts.NoteListView.as_view()),
    path(f"{ONE}notes/<uuid:note_id>/", customer_parts.NoteView.as_view()),
    path(f"{ONE}company/", customer_parts.CompanyView.as_view()),
    path(f"{ONE}consents/", customer_parts.ConsentListView.as_view()),
    path(f"{ONE}merge/", customer_parts.MergeView.as_view()),
    path(f"{ONE}unmerge/", customer_parts.UnmergeView.as_view()),
    path(f"{ONE}export/", customer_parts.ExportView.as_view()),
    path(f"{ONE}erase/", customer_parts.EraseView.as_view()),
    path(f"{ONE}points/", loyalty.CustomerPointsView.as_view()),
    path(f"{ONE}stamps/claim/", loyalty.ClaimRewardView.as_view()),
    path("loyalty/", loyalty.ProgramView.as_view()),
    path("loyalty/accounts/", loyalty.AccountListView.as_view()),
    path("wishlist/", wishlist.WishlistView.as_view()),
    path("wishlist/toggle/", wishlist.WishlistToggleView.as_view()),
    path("wishlist/add/", wishlist.WishlistAddView.as_view()),
    path("wishlist/remove/", wishlist.WishlistRemoveView.as_view()),
    path("orders/<str:ref>/reorder/", reorder.ReorderView.as_view()),
    path("profile/", my_profile.MyProfileView.as_view()),
    path("profile/export/", my_profile.MyExportView.as_view()),
    path("profile/points/", my_profile.MyPointsView.as_view()),
    path("profile/consents/", my_profile.MyConsentsView.as_view()),
    path("profile/addresses/", my_profile.MyAddressesView.as_view()),
    path("profile/addresses/<uuid:address_id>/", my_profile.MyAddressView.as_view()),
]

# The dashboard's spelling: the store is named in the query.
global_patterns = [
    path("stores/customers/", customers.AnyCustomerListView.as_view()),
    path("stores/customers/stats/", customers.AnyCustomerStatsView.as_view()),
    path("stores/customers/by_phone/", customers.AnyCustomerByPhoneView.as_view()),
    path("stores/customers/<uuid:customer_id>/", customers.AnyCustomerView.as_view()),
    path("stores/customers/<uuid:customer_id>/orders/", customers.AnyCustomerOrdersView.as_view()),
]
