// purpose: the last sequence number given to a record and the id of the graph
// access: read
// parameters: -
// columns: value int, graph_id string
// index: Counter.name
// example: {}
MATCH (counter:Counter {name: 'record_seq'})
RETURN counter.value AS value, counter.graph_id AS graph_id
