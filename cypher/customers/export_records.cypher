// purpose: every live record with the customer it resolves to, and how certain that is
// access: read
// parameters: -
// columns: record_key string, source string, record_id string, customer_id string, certainty float
// index: - exports everything on purpose, streamed
// example: {}
MATCH (record:SourceRecord)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN record.key AS record_key, record.source AS source, record.record_id AS record_id,
       customer.id AS customer_id, membership.certainty AS certainty
ORDER BY record_key
