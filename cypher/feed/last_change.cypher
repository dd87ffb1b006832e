// purpose: the sequence number of the newest change
// access: read
// parameters: -
// columns: value int
// index: Counter.name
// example: {}
MATCH (counter:Counter {name: 'change_seq'})
RETURN counter.value AS value
