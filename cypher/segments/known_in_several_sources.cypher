// title: Known in several sources
// purpose: active customers whose records come from at least a number of sources
// access: read
// parameters: $sources int, fewest sources; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"sources": 2, "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active'
MATCH (customer)<-[membership:RESOLVES_TO]-(record:SourceRecord)
WHERE membership.to IS NULL
WITH customer, collect(DISTINCT record.source) AS sources
WHERE size(sources) >= $sources
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {sources: sources} END AS facts, count(*) AS total
ORDER BY customer_id
