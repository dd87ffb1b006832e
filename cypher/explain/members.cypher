// purpose: the records that resolve to some customers now, for explaining them
// access: read
// parameters: $ids list of customer ids, $limit int
// columns: customer_id string, key string, source string
// index: Customer.id
// example: {"ids": ["c1"], "limit": 2000}
UNWIND $ids AS id
MATCH (customer:Customer {id: id})<-[membership:RESOLVES_TO]-(record:SourceRecord)
WHERE membership.to IS NULL
RETURN customer.id AS customer_id, record.key AS key, record.source AS source
ORDER BY customer_id, key
LIMIT $limit
