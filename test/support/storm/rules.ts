import type { Signal } from '@andon/core/connector'

/**
 * A rule for each way in which workers have to agree: without memory, groups and patterns within a partition, groups
 * across partitions, what time alone does, and rules that depend on one another.
 */
export const stormRules = `
CREATE RULE critical AS SELECT * FROM feedbacks WHERE severity_score > 8
ESCALATE TO production_team WITH PRIORITY 1;

CREATE RULE first_of_all AS SELECT * FROM feedbacks WHERE severity_score > 6
ONCE PER INTERVAL '30 days' ESCALATE TO production_team;

CREATE RULE compressor_batch AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks WHERE fault_code = 'E-COOL-01'
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours' HAVING COUNT(DISTINCT serial_number) >= 3 ONCE PER INTERVAL '30 days'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units') ON plant WITH PRIORITY 1;

CREATE RULE regional AS
SELECT region, COUNT(*) AS reports FROM feedbacks
GROUP BY region WINDOW SLIDING INTERVAL '24 hours' HAVING COUNT(*) >= 12 ONCE PER INTERVAL '30 days'
THEN quality.notification (title = '{reports} reports from {region}') ON plant;

CREATE RULE burst AS
SELECT product_model AS model, COUNT(*) AS reports FROM feedbacks
GROUP BY product_model WINDOW SESSION INTERVAL '6 seconds' HAVING COUNT(*) >= 3
THEN quality.notification (title = '{reports} of {model} in a burst') ON plant;

CREATE RULE lasting AS
SELECT product_model AS model, COUNT(*) AS reports FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '40 seconds' HAVING COUNT(*) >= 3
FOR INTERVAL '5 seconds' KEEP FIRING FOR INTERVAL '10 seconds'
THEN quality.notification (title = '{model} goes on') ON plant;

CREATE RULE lesser AS
SELECT product_model AS model, fault_code AS fault FROM feedbacks
GROUP BY product_model, fault_code WINDOW SLIDING INTERVAL '30 seconds' HAVING COUNT(*) >= 2
INHIBITED BY lasting ESCALATE TO quality;

CREATE RULE again AS
SELECT b.product_model AS model, b.severity_score - a.severity_score AS worse FROM feedbacks
MATCH (a, b) WHERE b.product_model = a.product_model AND b.severity_score > a.severity_score
WITHIN INTERVAL '20 seconds' ESCALATE TO quality;

CREATE RULE unanswered AS
SELECT product_model AS model FROM feedbacks WHERE severity_score > 7
WITHOUT (reply) WHERE reply.product_model = product_model AND reply.severity_score < 4
WITHIN INTERVAL '15 seconds'
THEN quality.notification (title = 'nobody says that {model} is well') ON plant;
`

/**
 * What of a signal is the same in every run, by rule; of all others it is everything. Between partitions there is no
 * order: to a rule that looks across them now one feedback comes first and now another, and so makes it fire.
 */
export const certainOf: Readonly<Record<string, readonly (keyof Signal)[]>> = {
  first_of_all: ['rule', 'firings', 'status'],
  regional: ['fingerprint', 'firings', 'occurrences', 'status'],
}
