// purpose: create or update customers with their golden values
// access: write
// parameters: $rows list of {id, properties (null removes one)}, $at ISO-8601 time
// columns: -
// index: Customer.id
// example: {"rows": [{"id": "c1", "properties": {"status": "active", "record_count": 1}}], "at": "2026-01-01T00:00:00Z"}
UNWIND $rows AS row
MERGE (customer:Customer {id: row.id})
ON CREATE SET customer.created_at = $at
SET customer += row.properties
