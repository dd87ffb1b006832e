// title: Customers to look at
// purpose: active customers of several records whose certainty is below a bound
// access: read
// parameters: $certainty probability between 0 and 1; $after customer id (empty for the first page), $limit int, $count bool (one row with the total instead)
// columns: customer_id string, facts map, total int
// index: - a pattern over all customers on purpose, walked in the order of Customer.id
// example: {"certainty": 0.8, "after": "", "limit": 50, "count": false}
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'active' AND customer.record_count > 1
  AND customer.certainty < $certainty
WITH customer
ORDER BY customer.id
LIMIT $limit
RETURN CASE WHEN $count THEN '' ELSE customer.id END AS customer_id,
       CASE WHEN $count THEN {} ELSE {certainty: customer.certainty, record_count: customer.record_count} END AS facts, count(*) AS total
ORDER BY customer_id
