// purpose: find out whether the engine answers
// access: read
// parameters: -
// columns: answer int
// index: - reads no node
// example: {}
RETURN 1 AS answer
