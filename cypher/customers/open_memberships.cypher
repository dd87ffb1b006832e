// purpose: let records resolve to a customer from now on
// access: write
// parameters: $rows list of {record_key, customer_id, cause, certainty}, $at ISO-8601 time
// columns: -
// index: SourceRecord.key, Customer.id
// example: {"rows": [{"record_key": "crm:1", "customer_id": "c1", "cause": "run 1", "certainty": 0.99}], "at": "2026-01-01T00:00:00Z"}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})
MATCH (customer:Customer {id: row.customer_id})
MERGE (record)-[membership:RESOLVES_TO {from: $at}]->(customer)
SET membership.cause = row.cause, membership.certainty = row.certainty
