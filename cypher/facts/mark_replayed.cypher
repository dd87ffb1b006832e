// purpose: close rejected rows that were read after all
// access: write
// parameters: $keys list of reject keys
// columns: key string
// index: RejectedRow.key
// example: {"keys": ["0"]}
UNWIND $keys AS key
MATCH (reject:RejectedRow {key: key})
SET reject.status = 'replayed'
RETURN reject.key AS key
