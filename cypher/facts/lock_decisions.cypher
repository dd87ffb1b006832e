// purpose: take hold of all decisions, so that two that contradict each other are not stored at once
// access: write
// parameters: -
// columns: value int
// index: Counter.name
// example: {}
MERGE (counter:Counter {name: 'decision'})
SET counter.locked = true
WITH counter
SET counter.value = coalesce(counter.value, 0) + 1
RETURN counter.value AS value
