// purpose: take the next sequence numbers of the change log
// access: write
// parameters: $count int
// columns: last int
// index: Counter.name
// example: {"count": 1}
MERGE (counter:Counter {name: 'change_seq'})
SET counter.locked = true
WITH counter
SET counter.value = coalesce(counter.value, 0) + $count
RETURN counter.value AS last
