// purpose: one page of the customers that belong to an organisation, by id, with since when and how often that was said
// access: read
// parameters: $key organisation key, $after customer id (empty for the first page), $limit int
// columns: customer map, first_seen string, last_seen string, count int, record_keys list of strings
// index: Organisation.key
// example: {"key": "web:acme", "after": "", "limit": 50}
MATCH (organisation:Organisation {key: $key})<-[seen:MEMBER_OF]-(record:SourceRecord)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL AND customer.id > $after
WITH customer, min(seen.first_seen) AS first_seen, max(seen.last_seen) AS last_seen, sum(seen.count) AS count,
     collect(DISTINCT record.key) AS record_keys
ORDER BY customer.id
LIMIT $limit
RETURN properties(customer) AS customer, first_seen, last_seen, count, record_keys
ORDER BY customer.id
