// purpose: what customers say of themselves now
// access: read
// parameters: $ids list of customer ids
// columns: id string, properties map
// index: Customer.id
// example: {"ids": ["c1"]}
UNWIND $ids AS id
MATCH (customer:Customer {id: id})
RETURN customer.id AS id, properties(customer) AS properties
