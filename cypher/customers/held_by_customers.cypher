// purpose: what these customers stand for now, or stood for last, by record and by when
// access: read
// parameters: $ids list of customer ids
// columns: id string, status string, successor string, created_at string, record_key string, opened string, closed string
// index: Customer.id
// example: {"ids": ["c1"]}
UNWIND $ids AS id
MATCH (customer:Customer {id: id})
OPTIONAL MATCH (record:SourceRecord)-[membership:RESOLVES_TO]->(customer)
RETURN customer.id AS id, customer.status AS status, customer.successor AS successor,
       customer.created_at AS created_at, record.key AS record_key,
       membership.from AS opened, membership.to AS closed
ORDER BY id, record_key
