"""Customers: stable ids, golden values and lineage for the groups that clustering found, written and read back."""
