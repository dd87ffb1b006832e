// purpose: find Identifier nodes by their status
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX identifier_status IF NOT EXISTS FOR (node:Identifier) ON (node.status)
