// purpose: one page of the lineage of customer ids, oldest first
// access: read
// parameters: $ids list of customer ids, $after int (seq of the last one seen, -1 for the first page), $limit int
// columns: id string, seq int, kind string, customer_id string, at string, run int, cause string, data JSON text
// index: Change.customer_id
// example: {"ids": ["c1"], "after": -1, "limit": 50}
UNWIND $ids AS id
MATCH (change:Change {customer_id: id})
WHERE change.seq > $after
RETURN change.id AS id, change.seq AS seq, change.kind AS kind, change.customer_id AS customer_id, change.at AS at,
       change.run AS run, change.cause AS cause, change.data AS data
ORDER BY seq, id
LIMIT $limit
