// purpose: every record of the customers that some records resolve to now
// access: read
// parameters: $keys list of record keys
// columns: record_key string, customer_id string, certainty float
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
WITH DISTINCT customer
MATCH (member:SourceRecord)-[held:RESOLVES_TO]->(customer)
WHERE held.to IS NULL
RETURN member.key AS record_key, customer.id AS customer_id, held.certainty AS certainty
ORDER BY customer_id, record_key
