// purpose: every active customer with its golden values
// access: read
// parameters: -
// columns: customer map
// index: Customer.status
// example: {}
MATCH (customer:Customer {status: 'active'})
RETURN properties(customer) AS customer
ORDER BY customer.id
