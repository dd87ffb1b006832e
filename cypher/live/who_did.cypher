// purpose: what some touchpoints are, and the customer of each
// access: read
// parameters: $keys list of touchpoint keys
// columns: key string, type string, channel string, record_key string, customer map
// index: Touchpoint.key
// example: {"keys": ["web:m1"]}
UNWIND $keys AS key
MATCH (touchpoint:Touchpoint {key: key})
OPTIONAL MATCH (touchpoint)-[:HELD_BY]->(holder:SourceRecord)
OPTIONAL MATCH (touchpoint)-[:BY]->(doer:SourceRecord)
WITH touchpoint, coalesce(holder, doer) AS record
OPTIONAL MATCH (record)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN touchpoint.key AS key, touchpoint.type AS type, touchpoint.channel AS channel, record.key AS record_key,
       properties(customer) AS customer
