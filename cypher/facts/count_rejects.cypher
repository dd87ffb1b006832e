// purpose: how many rejected rows there are, by source, reason and status
// access: read
// parameters: -
// columns: source string, reason string, status string, count int
// index: - counts all rejected rows on purpose
// example: {}
MATCH (reject:RejectedRow)
RETURN reject.source AS source, reject.reason AS reason, reject.status AS status, count(*) AS count
ORDER BY source, reason, status
