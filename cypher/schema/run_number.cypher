// purpose: no two Run nodes share one number
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT run_number IF NOT EXISTS FOR (node:Run) REQUIRE node.number IS UNIQUE
