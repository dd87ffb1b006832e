// purpose: record that a run has ended, and what it did
// access: write
// parameters: $number int, $at ISO-8601 time, $summary JSON text
// columns: number int
// index: Run.number
// example: {"number": 1, "at": "2026-01-01T00:00:00Z", "summary": "{}"}
MATCH (run:Run {number: $number})
SET run.ended_at = $at, run.summary = $summary
RETURN run.number AS number
