// purpose: every record with the customer it resolves to now, and how certain that is
// access: read
// parameters: -
// columns: record_key string, customer_id string, certainty float
// index: - reads the whole membership on purpose, streamed; only when no copy of it is at hand
// example: {}
MATCH (record:SourceRecord)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN record.key AS record_key, customer.id AS customer_id, membership.certainty AS certainty
