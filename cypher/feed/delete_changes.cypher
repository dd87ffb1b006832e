// purpose: delete changes by their sequence numbers; one that is gone already is none
// access: write
// parameters: $numbers list of int
// columns: -
// index: Change.seq
// example: {"numbers": [1, 2]}
UNWIND $numbers AS number
MATCH (change:Change {seq: number})
DELETE change
