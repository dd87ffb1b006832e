// purpose: wait until whoever writes records has ended, by taking hold of their counter for a moment
// access: write
// parameters: -
// columns: -
// index: Counter.name
// example: {}
MATCH (counter:Counter {name: 'record_seq'})
SET counter.locked = true
