// purpose: the last thing that was done on each of some devices before a time, and whose it is noted to be
// access: read
// parameters: $devices list of {key record key of the visitor, since ISO-8601 time, not included}
// columns: device string, last list of at most one map {type, record_key, held_by}
// index: SourceRecord.key
// example: {"devices": [{"key": "web:anonymous_id=a", "since": "2026-01-01T00:00:00.000000Z"}]}
UNWIND $devices AS device
MATCH (visitor:SourceRecord {key: device.key})
RETURN device.key AS device,
       COLLECT {
         MATCH (visitor)-[:HAS_IDENTIFIER]->(identifier:Identifier)<-[:OBSERVED]-(touchpoint:Touchpoint)-[:BY]->(record:SourceRecord)
         WHERE identifier.namespace = 'anonymous_id' AND touchpoint.source = visitor.source
           AND touchpoint.at < device.since
           AND (record.key = visitor.key OR record.record_id STARTS WITH 'user_id=')
         OPTIONAL MATCH (touchpoint)-[:HELD_BY]->(holder:SourceRecord)
         RETURN {type: touchpoint.type, record_key: record.key, held_by: holder.key}
         ORDER BY touchpoint.at DESC, touchpoint.key DESC
         LIMIT 1
       } AS last
