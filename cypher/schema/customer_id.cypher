// purpose: no two Customer nodes share one id
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT customer_id IF NOT EXISTS FOR (node:Customer) REQUIRE node.id IS UNIQUE
