// purpose: say how certain memberships are that stay as they are
// access: write
// parameters: $rows list of {record_key, customer_id, certainty}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"record_key": "crm:1", "customer_id": "c1", "certainty": 0.99}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})-[membership:RESOLVES_TO]->(customer:Customer {id: row.customer_id})
WHERE membership.to IS NULL
SET membership.certainty = row.certainty
