// purpose: retire customers that a merge swallowed, naming who answers for them now
// access: write
// parameters: $rows list of {id, successor}, $at ISO-8601 time
// columns: -
// index: Customer.id
// example: {"rows": [{"id": "c1", "successor": "c2"}], "at": "2026-01-01T00:00:00Z"}
UNWIND $rows AS row
MATCH (customer:Customer {id: row.id})
SET customer.status = 'retired', customer.successor = row.successor, customer.record_count = 0,
    customer.updated_at = $at
