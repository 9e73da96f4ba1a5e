-- Early warning over vehicle complaints. No model, year or component is named: what is watched is a rate per group.

-- A component that many owners of one model year complain about: 25 complaints in half a year. Most model years
-- of these six models never get there with anything; the 15,500 complaints have 25 such groups in eleven years.
CREATE RULE component_trend FOR STAGE quality AS
SELECT COUNT(DISTINCT attributes.complaint) AS complaints
FROM feedbacks
WHERE fault_code <> 'UNKNOWN OR OTHER'
GROUP BY product_model, attributes.model_year, fault_code
WINDOW SLIDING INTERVAL '180 days'
HAVING COUNT(DISTINCT attributes.complaint) >= 25
ONCE PER INTERVAL '90 days'
ESCALATE TO product_quality WITH PRIORITY 3;

-- Fires are rare and grave, so they are gathered over the whole platform: one is an accident, five in a year
-- on one platform are a pattern.
CREATE RULE fire_pattern FOR STAGE quality AS
SELECT COUNT(DISTINCT attributes.complaint) AS fires,
    MIN(attributes.model_year) AS first_model_year,
    MAX(attributes.model_year) AS last_model_year
FROM feedbacks
WHERE safety_flags.fire
GROUP BY product_model, product_line
WINDOW SLIDING INTERVAL '365 days'
HAVING COUNT(DISTINCT attributes.complaint) >= 5
ONCE PER INTERVAL '90 days'
ESCALATE TO product_safety WITH PRIORITY 1;

-- People hurt with the same component of one platform.
CREATE RULE injury_pattern FOR STAGE quality AS
SELECT COUNT(DISTINCT attributes.complaint) AS complaints,
    MIN(attributes.model_year) AS first_model_year,
    MAX(attributes.model_year) AS last_model_year
FROM feedbacks
WHERE safety_flags.injury AND fault_code <> 'UNKNOWN OR OTHER'
GROUP BY product_model, product_line, fault_code
WINDOW SLIDING INTERVAL '180 days'
HAVING COUNT(DISTINCT attributes.complaint) >= 8
ONCE PER INTERVAL '90 days'
ESCALATE TO product_safety WITH PRIORITY 1;
