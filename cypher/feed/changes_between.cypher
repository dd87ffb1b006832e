// purpose: the changes of a range of sequence numbers, oldest first; by number, because not every engine finds a range by its index
// access: read
// parameters: $first int, $last int, both included
// columns: id string, seq int, kind string, customer_id string, subject string, at string, run int, cause string, data JSON text
// index: Change.seq
// example: {"first": 1, "last": 100}
UNWIND range($first, $last) AS number
MATCH (change:Change {seq: number})
RETURN change.id AS id, change.seq AS seq, change.kind AS kind, change.customer_id AS customer_id,
       change.subject AS subject, change.at AS at, change.run AS run, change.cause AS cause, change.data AS data
ORDER BY seq
