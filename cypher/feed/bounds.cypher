// purpose: the sequence number of the newest change, and of the newest that the feed no longer tells
// access: read
// parameters: -
// columns: last int, gone int
// index: Counter.name
// example: {}
MATCH (counter:Counter {name: 'change_seq'})
OPTIONAL MATCH (pruned:Counter {name: 'change_pruned'})
RETURN counter.value AS last, coalesce(pruned.value, 0) AS gone
