"""The first proposal of a year's clauses, taken from the implementing opinions; it binds nobody until two approve it.

What the opinions do not say in full is `settled=False` with a note: it waits for whoever has read the official text.
"""

from collections.abc import Sequence
from datetime import date

from storage.promises.templates.conditions import Condition
from storage.promises.templates.rules import Clause, Words
from storage.promises.templates.tables import ClauseField, ConditionKind, Unit, Wanted

_REFUSE = Words(
    zh="达不到本条，可以拒绝入井作业，煤矿不得以任何理由和形式阻挠；监管监察部门责令改正，构成违法的依法从重处罚。",
    en="Where this is not kept you may refuse to go down and nobody may hinder you; the authority orders correction,"
    " and punishes more severely what is also an offence.",
)
_ANSWERED = Words(
    zh="监管监察部门责令限期改正，向社会公布本条未履行；构成违法的依法从重处罚。",
    en="The authority orders correction by a day and publishes that this was not kept; what is also an offence is"
    " punished more severely.",
)
_DRAFT_ONLY = "据征求意见稿；正式文本未核对。From the draft for comments; the final text was not read."


def _clause(
    key: str,
    field: ClauseField,
    article: str,
    title: tuple[str, str],
    says: tuple[str, str],
    checked: tuple[str, str],
    condition: Condition,
    wanted: Sequence[Wanted],
    *,
    otherwise: Words = _ANSWERED,
    contradicted_by: Sequence[str] = (),
    note: str = _DRAFT_ONLY,
) -> Clause:
    """No text of the opinions but the draft was read, so that no clause of it is settled."""
    return Clause(
        key=key, field=field, title=Words(zh=title[0], en=title[1]), says=Words(zh=says[0], en=says[1]),
        condition=condition, checked=Words(zh=checked[0], en=checked[1]), wanted=tuple(wanted), otherwise=otherwise,
        article=article, contradicted_by=tuple(contradicted_by), settled=False, note=note,
    )  # fmt: skip


def _yes() -> Condition:
    return Condition(kind=ConditionKind.YES_NO, yes=True)


def _holds(*items: str) -> Condition:
    return Condition(kind=ConditionKind.LIST, holds=items)


def _number(unit: Unit, *, least: int | None = None, most: int | None = None) -> Condition:
    return Condition(kind=ConditionKind.NUMBER, unit=unit, least=least, most=most)


def _signed(year: int) -> Clause:
    return _clause(
        "COMMITMENT_SIGNED", ClauseField.SYSTEM, "实施意见三（六）2",
        ("年初签订并公布承诺书", "Commitment signed and published at the beginning of the year"),
        ("矿长在年初签订本年承诺书并向社会公布。", "The principal signs this year's commitment and publishes it."),
        ("核对签订日期和公布情况。", "The day of signing and its publication are looked up."),
        Condition(kind=ConditionKind.DATE, not_after=date(year, 1, 31)), [Wanted.PAPER],
        note="意见只写“每年年初”，1月31日为本系统的默认值。The opinions say “at the beginning of each year”; 31"
        " January is a default.",
    )  # fmt: skip


_SYSTEM = (
    _clause(
        "THREE_SYSTEMS", ClauseField.SYSTEM, "实施意见三（十二）2",
        ("三项制度齐全", "The three sets of rules are in force"),
        ("你的岗位有责任制、操作规程和管理制度。", "There are duties, operating rules and a management system for"
         " your post."),
        ("查阅现行文本，抽问岗位人员。", "The texts in force are read, and people at their posts are asked."),
        _holds("安全生产岗位责任制", "安全技术操作规程", "安全生产管理制度"), [Wanted.PAPER],
        contradicted_by=["RULES_UNKEPT"],
    ),
    _clause(
        "DUTIES_ASSESSED", ClauseField.SYSTEM, "实施意见三（十二）2",
        ("责任制落实情况有考核", "Whether duties are done is assessed"),
        ("各岗位责任制落实情况受监督考核，不落实的追究责任。", "Whether each does his duty is watched and assessed,"
         " and who does not answers for it."),
        ("查阅考核和追责记录。", "The records of assessments and of their consequences are read."),
        _yes(), [Wanted.PAPER],
        contradicted_by=["RULES_UNKEPT"],
    ),
    _clause(
        "REFUSAL_FREE", ClauseField.SYSTEM, "实施意见三（六）2",
        ("不阻挠拒绝入井", "Nobody is hindered from refusing to go down"),
        ("达不到承诺条件，你可以拒绝入井，任何人不得阻挠。",
         "Where what is promised is not kept you may refuse to go"
         " down, and nobody may hinder you."),
        ("核查拒绝入井和打击报复的举报。", "Refusals and reports of retaliation are looked into."),
        _yes(), [Wanted.REGISTER], otherwise=_REFUSE,
    ),
    _clause(
        "LICENCE_CHANGES", ClauseField.SYSTEM, "实施意见三（八）3",
        ("许可证变更按期申请", "Changes of the licence are asked for in time"),
        ("主要负责人、隶属关系或者企业名称变更后，按期申请变更安全生产许可证。",
         "After a change of principal, of parent"
         " company or of name, the safety licence is changed in time."),
        ("核对营业执照、采矿证变更日和申请日。", "The day of the change and that of the application are compared."),
        _number(Unit.WORKING_DAYS, most=10), [Wanted.PAPER],
    ),
)  # fmt: skip
_PEOPLE = (
    _clause(
        "FAILED_RETRAINED", ClauseField.PEOPLE, "实施意见三（十二）4",
        ("考试不合格的重新培训或者调岗", "Who fails an exam is retrained or moved"),
        ("考试不合格的人员重新培训或者调整岗位后，才在原岗位作业。", "Whoever fails an exam works at his post only"
         " after he was retrained, or at another."),
        ("核对历次检查的考试和补考结果。", "The results of exams and resits at inspections are compared."),
        _yes(), [Wanted.REGISTER, Wanted.PAPER],
        contradicted_by=["TRAINING_MISSING"],
    ),
    _clause(
        "RESIT_LOST", ClauseField.PEOPLE, "实施意见三（十二）4",
        ("补考不合格的不再任职", "Who fails the resit holds the post no longer"),
        ("没有补考不合格还在任职的安全管理人员、特种作业人员。",
         "No safety manager or special operator holds a post whose"
         " resit he failed."),
        ("核对补考结果和岗位登记。", "The results of resits are compared with the register of posts."),
        _number(Unit.PERSONS, most=0), [Wanted.REGISTER], otherwise=_REFUSE,
        contradicted_by=["OPERATORS_UNQUALIFIED", "MANAGERS_NOT_EXAMINED"],
    ),
    _clause(
        "KEY_FEW", ClauseField.PEOPLE, "实施意见三（十二）3",
        ("关键少数依法履职", "The key few do their duties"),
        ("决策层、管理层、技术层的负责人依法履职。", "Those who decide, manage and answer for technique do what the"
         " law asks of them."),
        ("查责任制制定和执行、技术管理和灾害治理情况。",
         "Both the rules and how they are carried out are looked at."),
        _holds("董事长", "总经理", "矿长", "实际控制人", "总工程师"), [Wanted.PAPER],
        note=_DRAFT_ONLY + " 无该职务的煤矿由法制审核人员删改。Posts that a mine has not are struck out.",
        contradicted_by=["POSTS_EMPTY", "NOBODY_ANSWERABLE"],
    ),
)  # fmt: skip
_DISASTERS = (
    _clause(
        "MAJOR_HAZARDS_OVERDUE", ClauseField.DISASTER, "实施意见三（三）3",
        ("重大隐患不逾期", "No major hazard is overdue"),
        ("没有超过期限还没治理的重大事故隐患。", "No major hazard stands uncorrected past its day."),
        ("核对督办和销号记录。", "The records of supervision and close-out are compared."),
        _number(Unit.PIECES, most=0), [Wanted.REGISTER, Wanted.PHOTO], otherwise=_REFUSE,
        contradicted_by=["HAZARD_NOT_REMOVED", "HAZARDS_UNMANAGED"],
    ),
    _clause(
        "GAS_IN_RETURN", ClauseField.DISASTER, "实施意见三（五）4",
        ("总回风瓦斯浓度", "Gas in the main return"),
        ("总回风瓦斯浓度不超过1%，超过即报警。", "The gas in the main return stays at or below 1 %; above it the"
         " alarm goes."),
        ("读安全监控系统的记录。", "The record of the monitoring system is read."),
        _number(Unit.HUNDREDTHS_OF_PERCENT, most=100), [Wanted.MEASUREMENT], otherwise=_REFUSE,
        note="1%是意见所列应调度处置的报警值，不是煤矿安全规程的限值；规程文本未核对，核对后应改为规程限值。"
        "1 % is the"
        " alarm of the opinions, not the limit of the Coal Mine Safety Regulations, whose text was not read.",
        contradicted_by=["GAS_OVER_LIMIT"],
    ),
    _clause(
        "ALARMS_HANDLED", ClauseField.DISASTER, "实施意见三（五）4",
        ("重要报警当班处置", "Weighty alarms are handled by the shift"),
        ("重要报警由当班值班人员调度处置并在线填报。", "The people on duty handle each weighty alarm and report it"
         " online."),
        ("核对报警和处置记录。", "Alarms are compared with how they were handled."),
        _yes(), [Wanted.MEASUREMENT, Wanted.REGISTER], otherwise=_REFUSE,
    ),
    _clause(
        "BUILT_AS_APPROVED", ClauseField.DISASTER, "实施意见三（八）2",
        ("灾害治理与批准的设计一致", "Disasters are treated as the approved design says"),
        ("灾害治理措施与批准的设计一致，变更经原审查机构同意。",
         "What is done against disasters is what the approved"
         " design says; a change was agreed to by who approved it."),
        ("现场与批准的设计对照。", "The place is compared with the approved design."),
        _yes(), [Wanted.PAPER, Wanted.PHOTO], otherwise=_REFUSE,
        contradicted_by=["OUTBURST_UNPREVENTED", "ROCKBURST_UNPREVENTED", "WATER_UNPREVENTED", "GAS_DRAINAGE_MISSING"],
    ),
)  # fmt: skip
_MAIN_SYSTEMS = (
    _clause(
        "DATA_SENT", ClauseField.MAIN_SYSTEM, "实施意见三（五）3",
        ("监控数据实时上传", "What sensors and cameras say is sent as it comes"),
        ("安全监控、人员位置监测、工业视频都在运行并实时上传。",
         "Gas monitoring, positions of people and cameras run"
         " and send as they measure."),
        ("在省级平台核对在线情况。", "Whether they are online is looked up on the platform of the province."),
        _holds("安全监控", "人员位置监测", "工业视频"), [Wanted.MEASUREMENT], otherwise=_REFUSE,
        contradicted_by=["MONITORING_MISSING"],
    ),
    _clause(
        "DATA_AGREE", ClauseField.MAIN_SYSTEM, "实施意见三（五）2",
        ("线上线下数据一致", "What is told online is what is there"),
        ("线上填报的基础数据与现场一致，不一致的及时更正。",
         "The data told online are those of the place; what differs"
         " is put right."),
        ("现场与线上数据对照。", "The place is compared with the data."),
        _yes(), [Wanted.PHOTO, Wanted.REGISTER],
    ),
    _clause(
        "SYSTEMS_AS_APPROVED", ClauseField.MAIN_SYSTEM, "实施意见三（八）2",
        ("主要系统与批准的设计一致", "The main systems are as approved"),
        ("通风方式、生产布局、开拓方式与批准的设计一致。",
         "Ventilation, layout and development are as the approved design"
         " says."),
        ("现场与批准的设计对照。", "The place is compared with the approved design."),
        _holds("开拓方式", "通风方式", "生产布局"), [Wanted.PAPER, Wanted.PHOTO], otherwise=_REFUSE,
        contradicted_by=["VENTILATION_UNRELIABLE", "SINGLE_POWER_SUPPLY", "SYSTEMS_BELOW_STANDARD"],
    ),
)  # fmt: skip
_INVESTMENT = (
    _clause(
        "SAFETY_FUNDS", ClauseField.INVESTMENT, "实施意见三（六）1、企业安全生产费用提取和使用管理办法",
        ("安全费用足额提取", "The funds for safety are set aside in full"),
        ("按吨煤足额提取安全生产费用并用于安全。", "For each tonne the due sum is set aside and spent on safety."),
        ("核对产量、提取和使用台账。", "The output is compared with the accounts of what was set aside and spent."),
        _number(Unit.FEN_PER_TONNE, least=1_500), [Wanted.PAPER],
        note="吨煤15元（其他井工矿）据转载文本；突出、冲击地压和高瓦斯等矿井更高，应由煤矿从严补充。官方文本未核对。"
        "15 yuan a"
        " tonne is that of other underground mines by a reprint; mines with outbursts, rock bursts or high gas owe"
        " more, and say so in a clause of their own. The official text was not read.",
    ),
)  # fmt: skip


def proposal_for(year: int) -> list[Clause]:
    """The clauses that a legal reviewer may begin from."""
    return [_signed(year), *_SYSTEM, *_PEOPLE, *_DISASTERS, *_MAIN_SYSTEMS, *_INVESTMENT]
