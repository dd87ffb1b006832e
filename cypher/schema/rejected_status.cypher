// purpose: find RejectedRow nodes by their status
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX rejected_status IF NOT EXISTS FOR (node:RejectedRow) ON (node.status)
