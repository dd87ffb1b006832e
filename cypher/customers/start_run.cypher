// purpose: take the next run number and record that the run has begun
// access: write
// parameters: $at ISO-8601 time, $model_version string
// columns: number int
// index: Counter.name
// example: {"at": "2026-01-01T00:00:00Z", "model_version": "m1"}
MERGE (counter:Counter {name: 'run'})
SET counter.locked = true
WITH counter
SET counter.value = coalesce(counter.value, 0) + 1
MERGE (run:Run {number: counter.value})
SET run.started_at = $at, run.model_version = $model_version
RETURN run.number AS number
