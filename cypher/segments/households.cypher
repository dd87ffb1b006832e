// title: Households
// purpose: active customers who share an active identifier with another customer
// access: read
// parameters: $namespace identifier namespace; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"namespace": "email", "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active'
MATCH (customer)<-[membership:RESOLVES_TO]-(:SourceRecord)-[:HAS_IDENTIFIER]->(shared:Identifier)
WHERE membership.to IS NULL AND shared.namespace = $namespace AND shared.status = 'active'
MATCH (shared)<-[:HAS_IDENTIFIER]-(:SourceRecord)-[other_membership:RESOLVES_TO]->(other:Customer)
WHERE other_membership.to IS NULL AND other.id <> customer.id
WITH customer, collect(DISTINCT shared.value) AS shared, collect(DISTINCT other.id) AS others
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {shared: shared, others: others} END AS facts, count(*) AS total
ORDER BY customer_id
