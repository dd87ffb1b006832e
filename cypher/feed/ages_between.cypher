// purpose: when the changes of a range of sequence numbers happened, oldest first; by number, because not every engine finds a range by its index
// access: read
// parameters: $first int, $last int, both included
// columns: seq int, at string, kind string
// index: Change.seq
// example: {"first": 1, "last": 100}
UNWIND range($first, $last) AS number
MATCH (change:Change {seq: number})
RETURN change.seq AS seq, change.at AS at, change.kind AS kind
ORDER BY seq
