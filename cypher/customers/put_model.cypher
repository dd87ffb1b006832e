// purpose: remember which matching model is in use, and with which numbers
// access: write
// parameters: $version string, $at ISO-8601 time, $summary JSON text
// columns: -
// index: Model.version
// example: {"version": "m1", "at": "2026-01-01T00:00:00Z", "summary": "{}"}
MERGE (model:Model {version: $version})
ON CREATE SET model.created_at = $at
SET model.summary = $summary, model.current = true
WITH model
MATCH (other:Model)
WHERE other.version <> model.version AND other.current = true
SET other.current = false
