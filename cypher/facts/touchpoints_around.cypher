// purpose: the last thing that was done on a device before a place, and what was done from there on, with whose it is noted to be
// access: read
// parameters: $lowest string, $place string, $end string, the first two included; $limit int
// columns: place string, key string, at string, type string, authors list of record keys, holders list of record keys
// index: Touchpoint.place
// example: {"lowest": "0 ", "place": "0 2026-01-01T00:00:00.000000Z m-1", "end": "0!", "limit": 100}
MATCH (touchpoint:Touchpoint)
WHERE touchpoint.place >= $lowest AND touchpoint.place < $place
RETURN touchpoint.place AS place, touchpoint.key AS key, touchpoint.at AS at, touchpoint.type AS type,
       [(touchpoint)-[:BY]->(record:SourceRecord) | record.key] AS authors,
       [(touchpoint)-[:HELD_BY]->(holder:SourceRecord) | holder.key] AS holders
ORDER BY place DESC LIMIT 1
UNION ALL
MATCH (touchpoint:Touchpoint)
WHERE touchpoint.place >= $place AND touchpoint.place < $end
RETURN touchpoint.place AS place, touchpoint.key AS key, touchpoint.at AS at, touchpoint.type AS type,
       [(touchpoint)-[:BY]->(record:SourceRecord) | record.key] AS authors,
       [(touchpoint)-[:HELD_BY]->(holder:SourceRecord) | holder.key] AS holders
ORDER BY place LIMIT $limit
