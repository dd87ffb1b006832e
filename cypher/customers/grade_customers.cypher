// purpose: say how certain customers are of whom nothing else is new
// access: write
// parameters: $rows list of {id, certainty}, $at ISO-8601 time
// columns: -
// index: Customer.id
// example: {"rows": [{"id": "c1", "certainty": 0.99}], "at": "2026-01-01T00:00:00Z"}
UNWIND $rows AS row
MATCH (customer:Customer {id: row.id})
SET customer.certainty = row.certainty, customer.updated_at = $at
