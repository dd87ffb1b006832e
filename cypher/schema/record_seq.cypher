// purpose: find SourceRecord nodes by their seq
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX record_seq IF NOT EXISTS FOR (node:SourceRecord) ON (node.seq)
