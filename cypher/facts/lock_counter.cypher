// purpose: take hold of the record counter, so that writers of facts follow one another, and give the graph its id
// access: write
// parameters: $graph_id string, used when the graph has none yet
// columns: value int, graph_id string
// index: Counter.name
// example: {"graph_id": "5b6c"}
MERGE (counter:Counter {name: 'record_seq'})
SET counter.locked = true
WITH counter
SET counter.value = coalesce(counter.value, 0), counter.graph_id = coalesce(counter.graph_id, $graph_id)
RETURN counter.value AS value, counter.graph_id AS graph_id
