// title: Incomplete profiles: no way to reach them
// purpose: active customers without an active identifier in any of some namespaces
// access: read
// parameters: $namespaces list of identifier namespaces; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"namespaces": ["email", "phone"], "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active'
  AND NOT EXISTS {
    MATCH (customer)<-[membership:RESOLVES_TO]-(:SourceRecord)-[:HAS_IDENTIFIER]->(held:Identifier)
    WHERE membership.to IS NULL AND held.namespace IN $namespaces AND held.status = 'active'
  }
WITH customer
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {record_count: customer.record_count} END AS facts, count(*) AS total
ORDER BY customer_id
