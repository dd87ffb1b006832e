// purpose: every live record with the customer it resolves to
// access: read
// parameters: -
// columns: record_key string, source string, record_id string, customer_id string
// index: - exports everything on purpose, streamed
// example: {}
MATCH (record:SourceRecord)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN record.key AS record_key, record.source AS source, record.record_id AS record_id, customer.id AS customer_id
ORDER BY record_key
