// purpose: keep rows and values that could not be read; one that was kept before stays as it is
// access: write
// parameters: $rows list of {key, properties}
// columns: -
// index: RejectedRow.key
// example: {"rows": [{"key": "0", "properties": {"key": "0", "source": "crm", "file": "a.csv", "line": 2, "column": "birth", "value": "x", "reason": "unreadable_date", "raw": "{}", "kept_record": true, "status": "open"}}]}
UNWIND $rows AS row
MERGE (reject:RejectedRow {key: row.key})
ON CREATE SET reject += row.properties
