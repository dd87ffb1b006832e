// purpose: all that was done on some devices, by the device's own record or by a user's, and whose it is noted to be
// access: read
// parameters: $devices list of {key record key of the visitor, prefix of the places on it}
// columns: device string, place string, key string, at string, type string, record_key string, held_by string or null
// index: SourceRecord.key
// example: {"devices": [{"key": "web:anonymous_id=a", "prefix": "0"}]}
UNWIND $devices AS device
MATCH (visitor:SourceRecord {key: device.key})-[:HAS_IDENTIFIER]->(identifier:Identifier)<-[:OBSERVED]-(touchpoint:Touchpoint)-[:BY]->(record:SourceRecord)
WHERE identifier.namespace = 'anonymous_id' AND touchpoint.place STARTS WITH device.prefix
OPTIONAL MATCH (touchpoint)-[:HELD_BY]->(holder:SourceRecord)
RETURN device.key AS device, touchpoint.place AS place, touchpoint.key AS key, touchpoint.at AS at,
       touchpoint.type AS type, record.key AS record_key, holder.key AS held_by
