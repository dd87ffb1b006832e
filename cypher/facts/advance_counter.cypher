// purpose: set the record counter after the records that took its numbers
// access: write
// parameters: $value int
// columns: -
// index: Counter.name
// example: {"value": 10}
MATCH (counter:Counter {name: 'record_seq'})
SET counter.value = $value
