// purpose: create or replace customers with their golden values; what one said before and says no more is gone
// access: write
// parameters: $rows list of {id, properties (with the id)}, $at ISO-8601 time
// columns: -
// index: Customer.id
// example: {"rows": [{"id": "c1", "properties": {"id": "c1", "status": "active", "record_count": 1}}], "at": "2026-01-01T00:00:00Z"}
UNWIND $rows AS row
MERGE (customer:Customer {id: row.id})
WITH customer, row, coalesce(customer.created_at, $at) AS created_at
SET customer = row.properties
SET customer.created_at = created_at
