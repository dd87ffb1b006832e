// purpose: the newest run and whether it ended
// access: read
// parameters: -
// columns: number int, started_at string, ended_at string, model_version string, summary JSON text
// index: Counter.name
// example: {}
MATCH (counter:Counter {name: 'run'})
MATCH (run:Run {number: counter.value})
RETURN run.number AS number, run.started_at AS started_at, run.ended_at AS ended_at,
       run.model_version AS model_version, run.summary AS summary
