// purpose: end the time in which records resolved to a customer
// access: write
// parameters: $rows list of {record_key, customer_id}, $at ISO-8601 time
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"record_key": "crm:1", "customer_id": "c1"}], "at": "2026-01-01T00:00:00Z"}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})-[membership:RESOLVES_TO]->(customer:Customer {id: row.customer_id})
WHERE membership.to IS NULL
SET membership.to = $at
