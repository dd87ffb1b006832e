// purpose: find Customer nodes by their status
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX customer_status IF NOT EXISTS FOR (node:Customer) ON (node.status)
