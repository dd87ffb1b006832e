// purpose: no two Counter nodes share one name
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT counter_name IF NOT EXISTS FOR (node:Counter) REQUIRE node.name IS UNIQUE
