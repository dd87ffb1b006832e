// purpose: the records that resolve to some customers now, as edges of the neighbourhood
// access: read
// parameters: $ids list of customer ids, $limit int
// columns: customer_id string, record_key string, source string, given_name string, family_name string, since string
// index: Customer.id
// example: {"ids": ["c1"], "limit": 50}
UNWIND $ids AS id
MATCH (customer:Customer {id: id})<-[membership:RESOLVES_TO]-(record:SourceRecord)
WHERE membership.to IS NULL
RETURN customer.id AS customer_id, record.key AS record_key, record.source AS source,
       record.given_name AS given_name, record.family_name AS family_name, membership.from AS since
ORDER BY customer_id, record_key
LIMIT $limit
