-- The rules of the demo. Texts for people say it in both languages, parted by a slash.
-- `andon rules check` reads them; main.ts hands them to parseRules.

-- A danger on the flagship line goes to people at once.
CREATE RULE critical_issue_escalation AS
SELECT * FROM feedbacks
WHERE severity_score > 8
  AND last_occurrence_time > NOW() - INTERVAL '1 hour'
  AND product_line = '高端系列'
ESCALATE TO production_team WITH PRIORITY 1;

-- Many units with one compressor batch that do not cool, in one day: the batch is held.
-- A handful of such reports is noise: people forget doors open, in every batch alike.
CREATE RULE compressor_batch_hold FOR STAGE assembly AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE component_batches.compressor IS NOT NULL
  AND (fault_code IN ('E-COOL-01', 'E-COOL-02')
    OR symptom_text LIKE '%不制冷%'
    OR symptom_text LIKE '%冷藏室温度%'
    OR symptom_text ILIKE '%not cooling%'
    OR symptom_text ILIKE '%swings between%')
GROUP BY component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 8
ONCE PER INTERVAL '7 days'
THEN material.hold (batch = batch, component = 'compressor',
       reason = 'cooling failure on {units} units in 24 h') ON mes WITH PRIORITY 1;

-- Displays fail with one mainboard batch: what is finished is reworked before anything else, and what lies in stock is
-- restricted in S/4HANA, for whoever else would use it.
CREATE RULE mainboard_batch_rework FOR STAGE assembly AS
SELECT component_batches.mainboard AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE component_batches.mainboard IS NOT NULL
  AND (fault_code LIKE 'E-DISP-%'
    OR symptom_text LIKE '%显示屏%'
    OR symptom_text LIKE '%黑屏%'
    OR symptom_text ILIKE '%display%')
GROUP BY component_batches.mainboard
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 7
ONCE PER INTERVAL '7 days'
THEN schedule.rework (batch = batch, priority = 1,
       reason = 'display failure on {units} units in 24 h') ON mes WITH PRIORITY 1,
     material.hold (batch = batch, component = 'mainboard',
       reason = 'display failure on {units} units in 24 h') ON sap WITH PRIORITY 2,
     quality.notification (title = 'Displays fail with mainboard {batch} / 主板 {batch} 致显示屏失效', batch = batch,
       text = '{units} units in 24 h; rework is scheduled first / 24 小时内 {units} 台；返工已排在最前') ON sap WITH PRIORITY 2;

-- Door seals gape at the corner: the mould of IM-07 runs too cold. One step up, inside its limits.
CREATE RULE door_seal_mould FOR STAGE quality AS
SELECT COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE product_category IS NOT NULL
  AND (symptom_text LIKE '%门封%' OR symptom_text ILIKE '%door seal%')
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 8
ONCE PER INTERVAL '7 days'
THEN parameter.adjust (equipment = 'IM-07', parameter = 'mould_temperature', from = 52, to = 55, unit = 'Cel',
       low = 50, high = 58, max_step = 3, dwell = '30 minutes',
       reason = 'door seals gape on {units} units in 24 h') ON mes WITH PRIORITY 2;

-- One sales region runs hot: nothing to change in the plant, but somebody must know.
CREATE RULE hot_region FOR STAGE rnd AS
SELECT region, COUNT(*) AS reports
FROM feedbacks
WHERE region IS NOT NULL
  AND (symptom_text LIKE '%烫%' OR symptom_text ILIKE '%hot to the touch%')
GROUP BY region
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(*) >= 10
ONCE PER INTERVAL '7 days'
THEN quality.notification (title = 'Hot casings in {region} / {region}外壳发烫',
       text = '{reports} reports in 24 h from {region} / {region} 24 小时内 {reports} 条反映') ON sap WITH PRIORITY 3,
     notify (to = 'regional_service', text = '{region}: {reports} reports of hot casings in 24 h / {region}：24 小时内 {reports} 条外壳发烫反映') ON mes WITH PRIORITY 3;

-- Everyday life: something is forgotten in the boxes, and packing hears of it.
CREATE RULE missing_ice_trays FOR STAGE quality AS
SELECT COUNT(*) AS reports
FROM feedbacks
WHERE symptom_text LIKE '%冰格少%' OR symptom_text ILIKE '%ice tray was missing%'
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(*) >= 3
ONCE PER INTERVAL '3 days'
THEN notify (to = 'packing', text = '{reports} ice trays missing in 24 h / 24 小时内 {reports} 人反映少冰格') ON mes WITH PRIORITY 7;
