// purpose: all suggestions as they are stored
// access: read
// parameters: -
// columns: left string, right string, via string, weight float, reason string
// index: - reads every suggestion on purpose; what waits for a steward is few
// example: {}
MATCH (left:SourceRecord)-[told:SUGGESTED]->(right:SourceRecord)
RETURN left.key AS left, right.key AS right, told.via AS via, told.weight AS weight, told.reason AS reason
