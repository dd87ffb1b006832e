// purpose: what was done on devices since a time, by the device's own record or by a user's, and whose it is noted to be
// access: read
// parameters: $devices list of {key record key of the visitor, since ISO-8601 time, included}
// columns: device string, key string, at string, type string, record_key string, held_by string or null
// index: SourceRecord.key
// example: {"devices": [{"key": "web:anonymous_id=a", "since": ""}]}
UNWIND $devices AS device
MATCH (visitor:SourceRecord {key: device.key})-[:HAS_IDENTIFIER]->(identifier:Identifier)<-[:OBSERVED]-(touchpoint:Touchpoint)-[:BY]->(record:SourceRecord)
WHERE identifier.namespace = 'anonymous_id' AND touchpoint.source = visitor.source AND touchpoint.at >= device.since
  AND (record.key = device.key OR record.record_id STARTS WITH 'user_id=')
OPTIONAL MATCH (touchpoint)-[:HELD_BY]->(holder:SourceRecord)
RETURN device.key AS device, touchpoint.key AS key, touchpoint.at AS at, touchpoint.type AS type,
       record.key AS record_key, holder.key AS held_by
