// purpose: how many touchpoints there are
// access: read
// parameters: -
// columns: count int
// index: - counts all touchpoints on purpose
// example: {}
MATCH (touchpoint:Touchpoint)
RETURN count(touchpoint) AS count
