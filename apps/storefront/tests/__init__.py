"""Tests of the customer's pages."""
