"""What the closed lists of credit are called, in Chinese and English."""

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "FraudGround": {
        "FALSE_PROOF": ("提供虚假材料", "The proof was false"),
        "FACTS_HIDDEN": ("故意隐瞒真实情况", "Facts were hidden"),
        "PLEDGE_BROKEN": ("违反信用承诺", "The pledge was broken"),
    },
    "ListingSubject": {
        "MINE": ("煤矿企业", "A mine"),
        "PERSON": ("有关人员", "A person"),
    },
    "ListingGround": {
        "GRAVE_ACCIDENT": ("发生特别重大、重大生产安全事故", "A grave or an extraordinarily grave accident"),
        "ACCIDENTS_WITHIN_A_YEAR": ("十二个月内累计发生两起以上较大事故", "Two larger accidents within twelve months"),
        "FINED_MANIFOLD": ("事故情节特别严重，被处二倍以上五倍以下罚款", "Fined twice to five times for an accident"),
        "ACCIDENT_CONCEALED": ("瞒报、谎报生产安全事故", "An accident was concealed or reported falsely"),
        "NO_RESCUE_OR_FLED": ("不立即组织抢救、擅离职守或者逃匿", "No rescue was begun, or he left his post or fled"),
        "WITHOUT_LICENCE": (
            "未依法取得许可，或者许可被暂扣、吊销期间生产经营",
            "Working without a licence in force",
        ),
        "REFUSES_TO_PERFORM": ("有执行能力拒不执行或者逃避执行行政处罚", "Able to, and refuses to carry out a penalty"),
        "OTHER_GRAVE": ("受到行政处罚且性质恶劣、情节严重的其他违法行为", "Another grave violation that was penalised"),
    },
    "ListingState": {
        "PROPOSED": ("拟列入", "Proposed"),
        "TOLD": ("已告知", "The party was told"),
        "LISTED": ("已列入", "Listed"),
        "NOT_LISTED": ("不予列入", "Not listed"),
        "REMOVED": ("已提前移出", "Removed early"),
        "WITHDRAWN": ("已撤销列入", "Withdrawn"),
        "EXPIRED": ("期满移出", "Ended by its term"),
    },
    "ListingFault": {
        "DECISION_FELL": ("所依据的处罚决定被撤销或者变更", "The penalty behind it fell"),
        "LISTED_IN_ERROR": ("列入有误", "It was wrong"),
    },
    "SanctioningAgency": {
        "DEVELOPMENT_AND_REFORM": ("发展改革部门", "Development and reform"),
        "ENERGY": ("能源主管部门", "Energy"),
        "NATURAL_RESOURCES": ("自然资源部门", "Natural resources"),
        "FINANCE_AND_BANKS": ("金融管理部门", "Finance and banks"),
        "MARKET_REGULATION": ("市场监督管理部门", "Market regulation"),
        "HUMAN_RESOURCES": ("人力资源社会保障部门", "Human resources"),
        "TAXES": ("税务部门", "Taxes"),
        "PUBLIC_SECURITY": ("公安机关", "Public security"),
        "PROCUREMENT": ("政府采购监管部门", "Procurement"),
        "TRADE_UNION": ("工会", "Trade union"),
        "OTHER": ("其他单位", "Another"),
    },
    "Obstacle": {
        "FINE_UNPAID": ("罚款或者加处罚款尚未缴清", "a fine or surcharge is not paid"),
        "PENALTY_NOT_CARRIED_OUT": ("其他处罚尚未执行完毕", "another penalty is not carried out"),
        "CORRECTION_OPEN": ("责令改正尚未复查合格", "an order to correct was not found followed"),
        "MEASURE_OPEN": ("现场处理措施尚未销号", "an order on site is not closed"),
        "BAR_RUNS": ("限制从业期限未满", "the time of a bar is not over"),
    },
    "RepairPart": {
        "PROOF": ("已经纠正的证明材料", "proof of the correction"),
        "PLEDGE": ("主要负责人作出或者签署的信用承诺", "the pledge that the principal made or signed"),
    },
    "Excluded": {
        "NO_PENALTY": ("不属于行政处罚", "it is no penalty"),
        "NOT_SHOWN": ("该事项现不公示", "it is not shown"),
        "FELL": ("处罚决定已被撤销或者变更，应当撤回", "the decision fell: it is to be withdrawn"),
        "SHUT_DOWN": ("关闭的处罚不予修复", "a mine that was shut down is not repaired"),
        "BARRED_FOR_LIFE": ("终身限制从业不予修复", "a bar for life is not repaired"),
    },
    "Ungrounded": {
        "NO_PENALTY": ("没有行政处罚决定", "there is no penalty"),
        "FELL": ("所依据的处罚决定已经失效", "the penalty fell"),
        "NOT_SERVED": ("处罚决定尚未送达", "the penalty was not served"),
        "SLIGHT": ("轻微处罚不构成情节严重", "a slight penalty is no grave violation"),
        "PERFORMED": ("处罚已经履行完毕", "the penalty was carried out"),
        "TIME_RUNS": ("履行期限未过", "the time to perform runs"),
        "NOT_RESPONSIBLE": (
            "登记中没有该人员负有责任的职务，也不是受处罚人",
            "no responsible post is known",
        ),
        "ONLY_PEOPLE": ("该情形只适用于主要负责人", "this ground is for principals alone"),
        "NO_PROPOSAL": ("没有对该对象批准的失信联合惩戒建议", "no proposal against this subject was approved"),
    },
}
