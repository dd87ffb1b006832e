// title: Several identifiers of one kind
// purpose: active customers with at least a number of different active identifiers of one namespace
// access: read
// parameters: $namespace identifier namespace, $fewest int, fewest different values; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"namespace": "email", "fewest": 2, "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active'
MATCH (customer)<-[membership:RESOLVES_TO]-(:SourceRecord)-[:HAS_IDENTIFIER]->(held:Identifier)
WHERE membership.to IS NULL AND held.namespace = $namespace AND held.status = 'active'
WITH customer, collect(DISTINCT held.value) AS found
WHERE size(found) >= $fewest
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {found: found} END AS facts, count(*) AS total
ORDER BY customer_id
