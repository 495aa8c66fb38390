"""Stores: the multi-tenant commerce core (floor 3)."""
