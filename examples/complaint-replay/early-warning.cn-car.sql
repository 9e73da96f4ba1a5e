-- 车辆投诉早期预警：不点名任何品牌、车系或部件，只看同一车系同一故障的投诉频次。
-- Early warning over Chinese car complaints: no brand, model or part is named.

-- 同一车系、同一系统、同一故障，30 天内 8 位车主投诉。销售与服务纠纷、未分类的投诉不属于产品缺陷。
CREATE RULE 同类故障集中 FOR STAGE quality AS
SELECT COUNT(*) AS 投诉数, COUNT(DISTINCT attributes.variant) AS 车型数
FROM feedbacks
WHERE fault_code <> '其他'
  AND fault_location NOT IN ('销售欺诈', '服务态度', '承诺不兑现', '其他原因', '配件争议', '服务收费', '人员技术')
GROUP BY product_line, product_model, fault_location, fault_code
WINDOW SLIDING INTERVAL '30 days'
HAVING COUNT(*) >= 8
ONCE PER INTERVAL '30 days'
ESCALATE TO 质量部 WITH PRIORITY 3;

-- 行驶中失去动力危及安全：30 天内 4 起即预警。
CREATE RULE 动力丧失 FOR STAGE quality AS
SELECT COUNT(*) AS 投诉数
FROM feedbacks
WHERE fault_code IN ('动力消失', '动力中断', '行驶中动力消失')
GROUP BY product_line, product_model
WINDOW SLIDING INTERVAL '30 days'
HAVING COUNT(*) >= 4
ONCE PER INTERVAL '30 days'
ESCALATE TO 产品安全部 WITH PRIORITY 1;

-- 起火、冒烟写在车主的原话里；一个车系 90 天内 2 起。
CREATE RULE 起火 FOR STAGE quality AS
SELECT COUNT(*) AS 起数
FROM feedbacks
WHERE safety_flags.fire
GROUP BY product_line, product_model
WINDOW SLIDING INTERVAL '90 days'
HAVING COUNT(*) >= 2
ONCE PER INTERVAL '90 days'
ESCALATE TO 产品安全部 WITH PRIORITY 1;
