// purpose: take the next run number and record that the run has begun
// access: write
// parameters: $at ISO-8601 time, $model_version string, $ended_at ISO-8601 time and $summary JSON text (of a run that is never half-way; null for one that has to end)
// columns: number int
// index: Counter.name
// example: {"at": "2026-01-01T00:00:00Z", "model_version": "m1", "ended_at": null, "summary": null}
MERGE (counter:Counter {name: 'run'})
SET counter.locked = true
WITH counter
SET counter.value = coalesce(counter.value, 0) + 1
MERGE (run:Run {number: counter.value})
SET run.started_at = $at, run.model_version = $model_version, run.ended_at = $ended_at, run.summary = $summary
RETURN run.number AS number
