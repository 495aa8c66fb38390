"""The pricing engine: what a cart costs and why, as pure functions over immutable values (data/README.md Arithmetic).

Standard library only, no Django and no clock: callers build a ``PricingCatalog`` once per catalog version, describe
the circumstances in a ``PricingContext`` and get every amount of an order back. Prices, fees, distances and discounts
that a client sends have no place to go in.
"""
