// purpose: find Change nodes by their customer_id
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX change_customer_id IF NOT EXISTS FOR (node:Change) ON (node.customer_id)
