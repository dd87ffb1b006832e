// purpose: which of these customer ids were ever given out
// access: read
// parameters: $ids list of customer ids
// columns: id string
// index: Customer.id
// example: {"ids": ["c1"]}
UNWIND $ids AS id
MATCH (customer:Customer {id: id})
RETURN customer.id AS id
ORDER BY id
