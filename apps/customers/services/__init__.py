"""The writers of the customers room, one file per verb area."""

from apps.customers.services.recognising import recognise

__all__ = ["recognise"]
