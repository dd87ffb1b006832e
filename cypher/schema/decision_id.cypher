// purpose: no two Decision nodes share one id
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT decision_id IF NOT EXISTS FOR (node:Decision) REQUIRE node.id IS UNIQUE
