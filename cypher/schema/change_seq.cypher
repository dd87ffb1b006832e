// purpose: find Change nodes by their seq
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX change_seq IF NOT EXISTS FOR (node:Change) ON (node.seq)
