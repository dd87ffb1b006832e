// purpose: no two RejectedRow nodes share one key
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT rejected_key IF NOT EXISTS FOR (node:RejectedRow) REQUIRE node.key IS UNIQUE
