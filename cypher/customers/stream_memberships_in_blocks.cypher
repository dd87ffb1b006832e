// purpose: the same as stream_memberships, a thousand records a row: a driver takes a hundredth of the time for it
// access: read
// parameters: $size int, about how many records a row has
// columns: keys list of record keys, ids list of customer ids, certainties list of floats (below 0: none), block int
// index: - reads the whole membership on purpose; the engine gathers all of it before the first row
// example: {"size": 1000}
MATCH (record:SourceRecord)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
WITH record.seq / $size AS block, record.key AS key, customer.id AS id, coalesce(membership.certainty, -1.0) AS certainty
RETURN collect(key) AS keys, collect(id) AS ids, collect(certainty) AS certainties, block
