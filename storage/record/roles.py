"""What may live here: the roles, the verbs of everything that may be done, and which role carries which."""

from enum import StrEnum


class Role(StrEnum):
    """The closed list of roles; the public is no role."""

    INSPECTOR = "INSPECTOR"
    LEAD = "LEAD"
    LEGAL_REVIEWER = "LEGAL_REVIEWER"
    HEARING_CHAIR = "HEARING_CHAIR"
    DUTY_OFFICER = "DUTY_OFFICER"
    RESIDENT_SUPERVISOR = "RESIDENT_SUPERVISOR"
    EXPERT = "EXPERT"
    AGENCY_HEAD = "AGENCY_HEAD"
    ARCHIVIST = "ARCHIVIST"
    REPORT_INTAKE = "REPORT_INTAKE"
    REPORT_VERIFICATION = "REPORT_VERIFICATION"
    REPORT_REWARD = "REPORT_REWARD"
    REPORT_CUSTODIAN = "REPORT_CUSTODIAN"
    COMPANY_GROUP = "COMPANY_GROUP"
    MINE_PRINCIPAL = "MINE_PRINCIPAL"
    MINE_CLERK = "MINE_CLERK"
    MINER = "MINER"
    GOVERNMENT_HEAD = "GOVERNMENT_HEAD"
    AUDITOR = "AUDITOR"
    SYSTEM_ADMINISTRATOR = "SYSTEM_ADMINISTRATOR"
    SECURITY_ADMINISTRATOR = "SECURITY_ADMINISTRATOR"
    AUDIT_ADMINISTRATOR = "AUDIT_ADMINISTRATOR"


class Verb(StrEnum):
    """What can be done, as area.verb; kept alphabetical."""

    ACCOUNT_OPEN = "account.open"
    ACCOUNT_READ = "account.read"
    ADDRESS_KEEP = "address.keep"
    ALERT_DRILL = "alert.drill"
    ALERT_READ = "alert.read"
    ALERT_TAKE = "alert.take"
    ANSWER_EXAMINE = "answer.examine"
    ANSWER_GIVE = "answer.give"
    ANSWER_READ = "answer.read"
    BLACKLIST_ANSWER = "blacklist.answer"
    BLACKLIST_DECIDE = "blacklist.decide"
    BLACKLIST_LEAVE = "blacklist.leave"
    BLACKLIST_PROPOSE = "blacklist.propose"
    BLACKLIST_READ = "blacklist.read"
    BLACKLIST_READ_OWN = "blacklist.read_own"
    BLACKLIST_RESTORE = "blacklist.restore"
    BLACKLIST_TELL = "blacklist.tell"
    BLACKLIST_WITHDRAW = "blacklist.withdraw"
    BREACH_ANSWER = "breach.answer"
    BREACH_DECIDE = "breach.decide"
    BREACH_FIND = "breach.find"
    BREACH_IMPOSE = "breach.impose"
    BREACH_PROPOSE = "breach.propose"
    BREACH_READ = "breach.read"
    CASE_ACT = "case.act"
    CASE_ARCHIVE = "case.archive"
    CASE_DECIDE = "case.decide"
    CASE_FILE = "case.file"
    CASE_HEAR = "case.hear"
    CASE_OPEN_OWN = "case.open_own"
    CASE_READ = "case.read"
    CASE_READ_OWN = "case.read_own"
    CASE_REVIEW = "case.review"
    CERTIFICATE_ISSUE = "certificate.issue"
    COMMITMENT_ANSWER = "commitment.answer"
    COMMITMENT_CHECK_KEY = "commitment.check_key"
    COMMITMENT_PREVIEW = "commitment.preview"
    COMMITMENT_READ = "commitment.read"
    COMMITMENT_SEAL = "commitment.seal"
    COMMITMENT_SIGN = "commitment.sign"
    CONDUCT_ASK = "conduct.ask"
    CONDUCT_COMPLAIN = "conduct.complain"
    CONDUCT_DECIDE = "conduct.decide"
    CONDUCT_PROPOSE = "conduct.propose"
    CONDUCT_READ = "conduct.read"
    DEVICE_ENROL = "device.enrol"
    DEVICE_REPORT_LOST = "device.report_lost"
    DEVICE_REVOKE = "device.revoke"
    DISCLOSURE_CORRECT = "disclosure.correct"
    DISCLOSURE_DISPUTE = "disclosure.dispute"
    DISCLOSURE_PREVIEW = "disclosure.preview"
    DISCLOSURE_PUBLISH = "disclosure.publish"
    DISCLOSURE_READ = "disclosure.read"
    DISCLOSURE_RESTORE = "disclosure.restore"
    DISCLOSURE_WITHDRAW = "disclosure.withdraw"
    DISCLOSURE_WITHHOLD = "disclosure.withhold"
    DUTY_HAND_OVER = "duty.hand_over"
    DUTY_PLAN = "duty.plan"
    DUTY_READ = "duty.read"
    ERASURE_APPROVE = "erasure.approve"
    ERASURE_PROPOSE = "erasure.propose"
    EVIDENCE_DECLARE = "evidence.declare"
    EVIDENCE_OPEN = "evidence.open"
    EVIDENCE_READ = "evidence.read"
    EVIDENCE_REPORT_LOST = "evidence.report_lost"
    EXAM_CONFIRM = "exam.confirm"
    EXAM_HOLD = "exam.hold"
    EXAM_READ = "exam.read"
    EXAM_RECORD = "exam.record"
    EXPOSURE_APPROVE = "exposure.approve"
    EXPOSURE_DRAFT = "exposure.draft"
    EXPOSURE_DROP = "exposure.drop"
    EXPOSURE_READ = "exposure.read"
    FINDING_READ = "finding.read"
    FINDING_READ_LACKS = "finding.read_lacks"
    FINDING_RECORD = "finding.record"
    HOLD_LIFT = "hold.lift"
    HOLD_PLACE = "hold.place"
    IDENTITY_ASK = "identity.ask"
    IDENTITY_RELEASE = "identity.release"
    INSPECTION_JOIN = "inspection.join"
    INSPECTION_OPEN = "inspection.open"
    INSPECTION_READ = "inspection.read"
    LIST_APPROVE = "list.approve"
    LIST_DRAFT = "list.draft"
    MEASURE_APPROVE = "measure.approve"
    MEASURE_FOLLOW = "measure.follow"
    MEASURE_ORDER = "measure.order"
    MEASURE_READ = "measure.read"
    MEASURE_READ_LACKS = "measure.read_lacks"
    MEASURE_RECHECK = "measure.recheck"
    MEASURE_REPORT = "measure.report"
    MEASURE_RESTART = "measure.restart"
    MEASURE_TELL = "measure.tell"
    MINE_CHANGE = "mine.change"
    MINE_READ = "mine.read"
    MINE_REGISTER = "mine.register"
    PAPER_ISSUE = "paper.issue"
    PAPER_READ = "paper.read"
    PAPER_SIGN = "paper.sign"
    PERSON_ASSIGN = "person.assign"
    PERSON_DISQUALIFY = "person.disqualify"
    PERSON_PLACE = "person.place"
    PERSON_QUALIFY = "person.qualify"
    PERSON_READ = "person.read"
    PERSON_REGISTER = "person.register"
    PROVISION_DECIDE = "provision.decide"
    PROVISION_DRAFT = "provision.draft"
    QUESTION_APPROVE = "question.approve"
    QUESTION_DRAFT = "question.draft"
    QUESTION_READ = "question.read"
    RECORDING_CLOSE = "recording.close"
    RECORDING_OPEN = "recording.open"
    RECORDING_READ = "recording.read"
    REFUSAL_CHECK = "refusal.check"
    REFUSAL_DECIDE = "refusal.decide"
    REFUSAL_FOLLOW = "refusal.follow"
    REFUSAL_ORDER = "refusal.order"
    REFUSAL_READ = "refusal.read"
    REFUSAL_READ_OWN = "refusal.read_own"
    REPAIR_ASK = "repair.ask"
    REPAIR_DECIDE = "repair.decide"
    REPAIR_EXAMINE = "repair.examine"
    REPAIR_READ = "repair.read"
    REPAIR_READ_OWN = "repair.read_own"
    REPAIR_RESTORE = "repair.restore"
    REPORT_ACCEPT = "report.accept"
    REPORT_HAND_OVER = "report.hand_over"
    REPORT_READ = "report.read"
    REPORT_TAKE = "report.take"
    REPORT_VERIFY = "report.verify"
    REPORT_KEY_ENROL = "report_key.enrol"
    REQUEST_ANSWER = "request.answer"
    REQUEST_EXTEND = "request.extend"
    REQUEST_OPEN_CONTACT = "request.open_contact"
    REQUEST_READ = "request.read"
    RETALIATION_EXAMINE = "retaliation.examine"
    RETALIATION_READ = "retaliation.read"
    RETENTION_EXTEND = "retention.extend"
    REWARD_DECIDE = "reward.decide"
    REWARD_PAY = "reward.pay"
    REWARD_PROPOSE = "reward.propose"
    REWARD_READ = "reward.read"
    ROLE_GRANT = "role.grant"
    ROLE_WITHDRAW = "role.withdraw"
    SANCTION_ANSWER = "sanction.answer"
    SANCTION_ASK = "sanction.ask"
    SANCTION_READ = "sanction.read"
    SCHEME_APPROVE = "scheme.approve"
    SCHEME_CLASSIFY = "scheme.classify"
    SCHEME_DRAFT = "scheme.draft"
    SCHEME_READ = "scheme.read"
    SCHEME_RECORD = "scheme.record"
    TEMPLATE_ADOPT = "template.adopt"
    TEMPLATE_APPROVE = "template.approve"
    TEMPLATE_DRAFT = "template.draft"
    TEMPLATE_READ = "template.read"
    TEMPLATE_TIGHTEN = "template.tighten"
    WORKPLACE_OPEN = "workplace.open"


_READ_FIELD = frozenset(
    {Verb.EVIDENCE_READ, Verb.INSPECTION_READ, Verb.MINE_READ, Verb.PERSON_READ, Verb.RECORDING_READ}
)
_KEEP_PEOPLE = frozenset(
    {Verb.PERSON_ASSIGN, Verb.PERSON_PLACE, Verb.PERSON_QUALIFY, Verb.PERSON_READ, Verb.PERSON_REGISTER,
     Verb.WORKPLACE_OPEN}
)  # fmt: skip
# Every role may enrol a device: only a sign-in that a device proves is counted apart from a stranger's guesses, so
# whoever had none could be locked out by anybody, the administrator who revokes stolen devices among them.
_OWN_DEVICE = frozenset({Verb.DEVICE_ENROL, Verb.DEVICE_REPORT_LOST})
_HOLD = frozenset({Verb.HOLD_LIFT, Verb.HOLD_PLACE, Verb.RETENTION_EXTEND})
_OFFICER = _READ_FIELD | {
    Verb.ACCOUNT_READ, Verb.EVIDENCE_DECLARE, Verb.EVIDENCE_OPEN, Verb.INSPECTION_JOIN, Verb.INSPECTION_OPEN,
    Verb.EVIDENCE_REPORT_LOST, Verb.RECORDING_CLOSE, Verb.RECORDING_OPEN,
}  # fmt: skip

# What a role may do in the register and in the field, beside keeping a device of its own.
_REGISTER_AND_FIELD: dict[Role, frozenset[Verb]] = {
    Role.INSPECTOR: _OFFICER,
    Role.LEAD: _OFFICER,
    Role.LEGAL_REVIEWER: _READ_FIELD | _HOLD | {Verb.ACCOUNT_READ, Verb.EVIDENCE_OPEN, Verb.PROVISION_DRAFT},
    Role.HEARING_CHAIR: _READ_FIELD | {Verb.ACCOUNT_READ, Verb.EVIDENCE_OPEN},
    Role.DUTY_OFFICER: frozenset({Verb.ACCOUNT_READ, Verb.INSPECTION_READ, Verb.MINE_READ, Verb.PERSON_READ}),
    Role.RESIDENT_SUPERVISOR: _READ_FIELD | {Verb.EVIDENCE_DECLARE, Verb.EVIDENCE_REPORT_LOST},
    Role.EXPERT: frozenset({Verb.INSPECTION_READ, Verb.MINE_READ}),
    Role.AGENCY_HEAD: _READ_FIELD | _HOLD | {
        Verb.ACCOUNT_READ, Verb.ERASURE_APPROVE, Verb.EVIDENCE_OPEN, Verb.PERSON_DISQUALIFY, Verb.PROVISION_DECIDE,
    },
    Role.ARCHIVIST: _READ_FIELD | _HOLD | {Verb.ERASURE_PROPOSE, Verb.EVIDENCE_OPEN},
    Role.COMPANY_GROUP: frozenset({Verb.MINE_READ}),
    Role.MINE_PRINCIPAL: _KEEP_PEOPLE | {Verb.MINE_READ},
    Role.MINE_CLERK: _KEEP_PEOPLE | {Verb.MINE_READ},
    Role.MINER: frozenset({Verb.MINE_READ}),
    Role.GOVERNMENT_HEAD: frozenset({Verb.MINE_READ}),
    Role.AUDITOR: _READ_FIELD | {Verb.ACCOUNT_READ},
    Role.SYSTEM_ADMINISTRATOR: _KEEP_PEOPLE
    | {Verb.ACCOUNT_OPEN, Verb.ACCOUNT_READ, Verb.MINE_CHANGE, Verb.MINE_READ, Verb.MINE_REGISTER},
    Role.SECURITY_ADMINISTRATOR: frozenset(
        {Verb.ACCOUNT_READ, Verb.CERTIFICATE_ISSUE, Verb.DEVICE_REVOKE, Verb.ROLE_GRANT, Verb.ROLE_WITHDRAW}
    ),
    Role.AUDIT_ADMINISTRATOR: frozenset({Verb.ACCOUNT_READ}),
}  # fmt: skip

_OFFICERS = frozenset({Role.INSPECTOR, Role.LEAD})
_AGENCY = _OFFICERS | {
    Role.LEGAL_REVIEWER, Role.HEARING_CHAIR, Role.RESIDENT_SUPERVISOR, Role.AGENCY_HEAD, Role.ARCHIVIST, Role.AUDITOR,
}  # fmt: skip
_MINE = frozenset({Role.MINE_PRINCIPAL, Role.MINE_CLERK})

# Who does what in the procedure, verb by verb.
_CASEWORK: dict[Verb, frozenset[Role]] = {
    Verb.ANSWER_EXAMINE: _OFFICERS,
    Verb.ANSWER_GIVE: frozenset({Role.MINE_PRINCIPAL}),
    Verb.ANSWER_READ: _AGENCY | _MINE | {Role.DUTY_OFFICER, Role.GOVERNMENT_HEAD},
    Verb.CASE_ACT: _OFFICERS,
    Verb.CASE_ARCHIVE: frozenset({Role.ARCHIVIST}),
    Verb.CASE_DECIDE: frozenset({Role.AGENCY_HEAD}),
    Verb.CASE_FILE: _OFFICERS,
    Verb.CASE_HEAR: frozenset({Role.HEARING_CHAIR}),
    Verb.CASE_OPEN_OWN: frozenset({Role.MINE_PRINCIPAL}),
    Verb.CASE_READ: _OFFICERS
    | {Role.LEGAL_REVIEWER, Role.HEARING_CHAIR, Role.AGENCY_HEAD, Role.ARCHIVIST, Role.AUDITOR},
    Verb.CASE_READ_OWN: _MINE,
    Verb.CASE_REVIEW: frozenset({Role.LEGAL_REVIEWER}),
    Verb.CONDUCT_ASK: _OFFICERS | _MINE | {Role.AGENCY_HEAD, Role.HEARING_CHAIR, Role.LEGAL_REVIEWER},
    Verb.CONDUCT_COMPLAIN: _OFFICERS
    | _MINE
    | {Role.AGENCY_HEAD, Role.AUDITOR, Role.DUTY_OFFICER, Role.RESIDENT_SUPERVISOR},
    Verb.CONDUCT_DECIDE: frozenset({Role.AGENCY_HEAD, Role.GOVERNMENT_HEAD}),
    Verb.CONDUCT_PROPOSE: frozenset({Role.AGENCY_HEAD, Role.AUDITOR}),
    Verb.CONDUCT_READ: frozenset({Role.AGENCY_HEAD, Role.AUDITOR, Role.GOVERNMENT_HEAD}),
    Verb.EXAM_CONFIRM: frozenset({Role.AGENCY_HEAD}),
    Verb.EXAM_HOLD: _OFFICERS,
    Verb.EXAM_READ: _AGENCY | _MINE,
    Verb.EXAM_RECORD: _OFFICERS,
    Verb.FINDING_READ: _AGENCY | _MINE,
    Verb.FINDING_READ_LACKS: _AGENCY,
    Verb.FINDING_RECORD: _OFFICERS,
    Verb.MEASURE_APPROVE: frozenset({Role.AGENCY_HEAD}),
    Verb.MEASURE_FOLLOW: _OFFICERS | {Role.AGENCY_HEAD},
    Verb.MEASURE_ORDER: _OFFICERS,
    Verb.MEASURE_READ: _AGENCY | _MINE | {Role.DUTY_OFFICER, Role.GOVERNMENT_HEAD},
    Verb.MEASURE_READ_LACKS: _AGENCY | {Role.DUTY_OFFICER, Role.GOVERNMENT_HEAD},
    Verb.MEASURE_RECHECK: _OFFICERS,
    Verb.MEASURE_REPORT: _MINE,
    Verb.MEASURE_RESTART: frozenset({Role.GOVERNMENT_HEAD}),
    Verb.MEASURE_TELL: _OFFICERS | _MINE | {Role.DUTY_OFFICER, Role.RESIDENT_SUPERVISOR},
    Verb.PAPER_ISSUE: _OFFICERS | {Role.HEARING_CHAIR},
    Verb.PAPER_READ: _AGENCY | _MINE,
    Verb.PAPER_SIGN: _OFFICERS | {Role.LEGAL_REVIEWER, Role.HEARING_CHAIR, Role.AGENCY_HEAD, Role.MINE_PRINCIPAL},
    Verb.QUESTION_APPROVE: frozenset({Role.LEGAL_REVIEWER, Role.AGENCY_HEAD}),
    Verb.QUESTION_DRAFT: _OFFICERS | {Role.LEGAL_REVIEWER},
    Verb.QUESTION_READ: _OFFICERS | {Role.LEGAL_REVIEWER, Role.AGENCY_HEAD},
    Verb.SCHEME_APPROVE: frozenset({Role.LEAD}),
    Verb.SCHEME_CLASSIFY: frozenset({Role.AGENCY_HEAD}),
    Verb.SCHEME_DRAFT: _OFFICERS,
    Verb.SCHEME_READ: _AGENCY,
    Verb.SCHEME_RECORD: _OFFICERS,
}

_ANSWERING = _OFFICERS | {Role.DUTY_OFFICER, Role.AGENCY_HEAD}

# Who keeps the duty, verb by verb.
_ALERTS: dict[Verb, frozenset[Role]] = {
    Verb.ADDRESS_KEEP: _ANSWERING | {Role.MINE_PRINCIPAL},
    Verb.ALERT_DRILL: frozenset({Role.AGENCY_HEAD}),
    Verb.ALERT_READ: _ANSWERING | {Role.AUDITOR, Role.MINE_PRINCIPAL},
    Verb.ALERT_TAKE: _ANSWERING,
    Verb.DUTY_HAND_OVER: _ANSWERING,
    Verb.DUTY_PLAN: frozenset({Role.AGENCY_HEAD}),
    Verb.DUTY_READ: _ANSWERING | {Role.AUDITOR},
}

# Who answers to reporters, verb by verb: 受理 takes in, 核查 verifies, and nobody opens an identity alone.
_MINERS: dict[Verb, frozenset[Role]] = {
    Verb.IDENTITY_ASK: frozenset({Role.REPORT_VERIFICATION}),
    Verb.IDENTITY_RELEASE: frozenset({Role.REPORT_CUSTODIAN}),
    Verb.REFUSAL_CHECK: _OFFICERS,
    Verb.REFUSAL_DECIDE: frozenset({Role.AGENCY_HEAD}),
    Verb.REFUSAL_FOLLOW: frozenset({Role.REPORT_VERIFICATION}),
    Verb.REFUSAL_ORDER: _ANSWERING,
    Verb.REFUSAL_READ: _ANSWERING | {Role.AUDITOR, Role.REPORT_VERIFICATION, Role.RESIDENT_SUPERVISOR},
    Verb.REFUSAL_READ_OWN: _MINE | {Role.MINER},
    Verb.REPORT_ACCEPT: frozenset({Role.REPORT_INTAKE}),
    Verb.REPORT_HAND_OVER: frozenset({Role.REPORT_INTAKE}),
    Verb.REPORT_READ: frozenset({Role.REPORT_INTAKE, Role.REPORT_VERIFICATION}),
    Verb.REPORT_TAKE: frozenset({Role.DUTY_OFFICER, Role.REPORT_INTAKE}),
    Verb.REPORT_VERIFY: frozenset({Role.REPORT_VERIFICATION}),
    Verb.REPORT_KEY_ENROL: frozenset(
        {Role.REPORT_INTAKE, Role.REPORT_VERIFICATION, Role.REPORT_REWARD, Role.REPORT_CUSTODIAN}
    ),
    Verb.RETALIATION_EXAMINE: frozenset({Role.REPORT_VERIFICATION}),
    Verb.RETALIATION_READ: frozenset({Role.AGENCY_HEAD, Role.AUDITOR, Role.DUTY_OFFICER, Role.REPORT_VERIFICATION}),
    Verb.REWARD_DECIDE: frozenset({Role.AGENCY_HEAD}),
    Verb.REWARD_PAY: frozenset({Role.REPORT_REWARD}),
    Verb.REWARD_PROPOSE: frozenset({Role.REPORT_REWARD}),
    Verb.REWARD_READ: frozenset({Role.AGENCY_HEAD, Role.AUDITOR, Role.REPORT_REWARD}),
}

_PROMISED = {Role.AGENCY_HEAD, Role.AUDITOR, Role.COMPANY_GROUP, Role.LEGAL_REVIEWER, Role.RESIDENT_SUPERVISOR}

# Who makes what a mine promises, verb by verb: the province its clauses, the mine its own, each by two people.
_PROMISES: dict[Verb, frozenset[Role]] = {
    Verb.BREACH_ANSWER: frozenset({Role.MINE_PRINCIPAL}),
    Verb.BREACH_DECIDE: _OFFICERS | {Role.AGENCY_HEAD},
    Verb.BREACH_FIND: _OFFICERS,
    Verb.BREACH_IMPOSE: frozenset({Role.AGENCY_HEAD}),
    Verb.BREACH_PROPOSE: _OFFICERS,
    Verb.BREACH_READ: _AGENCY | _MINE | {Role.COMPANY_GROUP},
    Verb.COMMITMENT_ANSWER: frozenset({Role.MINE_CLERK}),
    Verb.COMMITMENT_CHECK_KEY: _OFFICERS,
    Verb.COMMITMENT_PREVIEW: frozenset({Role.MINE_PRINCIPAL}),
    **dict.fromkeys((Verb.COMMITMENT_READ, Verb.TEMPLATE_READ), _OFFICERS | _MINE | _PROMISED),
    Verb.COMMITMENT_SEAL: frozenset({Role.COMPANY_GROUP, Role.MINE_CLERK}),
    Verb.COMMITMENT_SIGN: frozenset({Role.MINE_PRINCIPAL}),
    Verb.TEMPLATE_ADOPT: frozenset({Role.MINE_PRINCIPAL}),
    Verb.TEMPLATE_APPROVE: frozenset({Role.AGENCY_HEAD}),
    Verb.TEMPLATE_DRAFT: frozenset({Role.LEGAL_REVIEWER}),
    Verb.TEMPLATE_TIGHTEN: frozenset({Role.COMPANY_GROUP, Role.MINE_CLERK}),
}

_CREDIT_READERS = _AGENCY - {Role.HEARING_CHAIR}
_HEAD = frozenset({Role.AGENCY_HEAD})
_READERS = _OFFICERS | {Role.AGENCY_HEAD, Role.ARCHIVIST, Role.AUDITOR, Role.LEGAL_REVIEWER}
_LISTED = _MINE | {Role.MINER}  # Whoever is listed may be anybody who works at a mine.

# Who publishes: the officers of the agency that decided; that something stays unpublished its head answers for. On
# credit one officer proposes or examines, and the head decides; the party asks, answers and is told.
_TRUST: dict[Verb, frozenset[Role]] = {
    **dict.fromkeys((Verb.BLACKLIST_ANSWER, Verb.BLACKLIST_LEAVE, Verb.BLACKLIST_READ_OWN), _LISTED),
    **dict.fromkeys((Verb.BLACKLIST_DECIDE, Verb.BLACKLIST_RESTORE, Verb.BLACKLIST_WITHDRAW), _HEAD),
    **dict.fromkeys((Verb.BLACKLIST_PROPOSE, Verb.BLACKLIST_TELL, Verb.SANCTION_ASK, Verb.SANCTION_ANSWER), _OFFICERS),
    **dict.fromkeys((Verb.BLACKLIST_READ, Verb.REPAIR_READ, Verb.SANCTION_READ), _CREDIT_READERS),
    **dict.fromkeys((Verb.REPAIR_ASK, Verb.REPAIR_READ_OWN), _MINE),
    **dict.fromkeys((Verb.REPAIR_DECIDE, Verb.REPAIR_RESTORE, Verb.REQUEST_EXTEND), _HEAD),
    **dict.fromkeys((Verb.DISCLOSURE_CORRECT, Verb.DISCLOSURE_DISPUTE, Verb.DISCLOSURE_PREVIEW), _OFFICERS),
    **dict.fromkeys((Verb.DISCLOSURE_PUBLISH, Verb.DISCLOSURE_RESTORE, Verb.DISCLOSURE_WITHDRAW), _OFFICERS),
    **dict.fromkeys((Verb.EXPOSURE_DRAFT, Verb.REPAIR_EXAMINE), _OFFICERS),
    **dict.fromkeys((Verb.REQUEST_ANSWER, Verb.REQUEST_OPEN_CONTACT), _OFFICERS),
    **dict.fromkeys((Verb.DISCLOSURE_WITHHOLD, Verb.EXPOSURE_APPROVE, Verb.LIST_APPROVE), _HEAD),
    **dict.fromkeys((Verb.DISCLOSURE_READ, Verb.EXPOSURE_READ), _READERS),
    Verb.EXPOSURE_DROP: _OFFICERS | _HEAD,
    Verb.LIST_DRAFT: _OFFICERS | {Role.AGENCY_HEAD, Role.LEGAL_REVIEWER},
    Verb.REQUEST_READ: _OFFICERS | {Role.AGENCY_HEAD, Role.AUDITOR, Role.LEGAL_REVIEWER},
}

ROLE_VERBS: dict[Role, frozenset[Verb]] = {
    role: _OWN_DEVICE
    | _REGISTER_AND_FIELD.get(role, frozenset())
    | {verb for verb, roles in (_CASEWORK | _ALERTS | _MINERS | _PROMISES | _TRUST).items() if role in roles}
    for role in Role
}
"""Every role's verbs; the README shows the same table."""

# Each set names hands that one person may never join: the three administrators (GB/T 22239 三权分立),
# 受理, 核查, 奖励 of a report (the separation that 三专联锁 asks for), and the two halves of an identity's key: whoever
# verifies and is a custodian would have both in one box, and open it without asking anybody.
NEVER_ONE_PERSON: tuple[frozenset[Role], ...] = (
    frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}),
    frozenset({Role.REPORT_INTAKE, Role.REPORT_VERIFICATION, Role.REPORT_REWARD}),
    frozenset({Role.REPORT_VERIFICATION, Role.REPORT_CUSTODIAN}),
)
