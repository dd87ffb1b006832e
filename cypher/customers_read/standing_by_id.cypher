// purpose: whether a customer id is still in use, and which one answers for it
// access: read
// parameters: $id customer id
// columns: id string, status string, successor string
// index: Customer.id
// example: {"id": "c1"}
MATCH (customer:Customer {id: $id})
RETURN customer.id AS id, customer.status AS status, customer.successor AS successor
