// purpose: the whole lineage, oldest first
// access: read
// parameters: -
// columns: seq int, at string, kind string, customer_id string, run int, cause string, data JSON text
// index: - exports everything on purpose, streamed
// example: {}
MATCH (change:Change)
RETURN change.seq AS seq, change.at AS at, change.kind AS kind, change.customer_id AS customer_id,
       change.run AS run, change.cause AS cause, change.data AS data
ORDER BY seq
