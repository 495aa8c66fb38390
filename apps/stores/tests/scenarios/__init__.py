"""Scenarios of product/scenarios.md that stand on the commerce core, one file each, named after their number."""
