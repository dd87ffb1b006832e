// purpose: one page of the records that resolve to a customer, by key
// access: read
// parameters: $id customer id, $after record key (empty for the first page), $limit int
// columns: record map, since string, cause string
// index: Customer.id
// example: {"id": "c1", "after": "", "limit": 50}
MATCH (customer:Customer {id: $id})<-[membership:RESOLVES_TO]-(record:SourceRecord)
WHERE membership.to IS NULL AND record.key > $after
RETURN properties(record) AS record, membership.from AS since, membership.cause AS cause
ORDER BY record.key
LIMIT $limit
