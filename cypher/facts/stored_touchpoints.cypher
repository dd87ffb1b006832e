// purpose: which of some touchpoints are stored already
// access: read
// parameters: $keys list of touchpoint keys
// columns: key string
// index: Touchpoint.key
// example: {"keys": ["m-1"]}
UNWIND $keys AS key
MATCH (touchpoint:Touchpoint {key: key})
RETURN touchpoint.key AS key
