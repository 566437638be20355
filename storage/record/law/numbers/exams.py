"""Numbers of exams at inspections: how many are drawn, what passes, the clocks after a fail."""

from datetime import date

from storage.record.law.parameters import Parameter, Runs

_EVERY_CHECK = "实施意见三（十二）4"
_SINCE = date(2020, 9, 1)
_NO_NUMBER = "原文只要求每次检查都抽取各类人员考试，未定人数；本项目的默认值，由省内规定后修改。"
_NO_TERM = "原文未定期限；本项目的默认值。"

PARAMETERS: tuple[Parameter, ...] = (
    *(
        Parameter(
            key=key,
            value=value,
            unit="persons",
            article=_EVERY_CHECK,
            in_force_from=_SINCE,
            settled=False,
            note=_NO_NUMBER,
        )
        for key, value in (
            ("exam_drawn_principal", 1),
            ("exam_drawn_manager", 2),
            ("exam_drawn_special_operator", 3),
            ("exam_drawn_worker", 3),
        )
    ),
    Parameter(
        key="exam_reserves",
        value=2,
        unit="persons",
        article=_EVERY_CHECK,
        in_force_from=_SINCE,
        settled=False,
        note="每类多抽的递补人数，供井下无网络时递补；不足时继续按抽签顺序递补。本项目的默认值。",
    ),
    Parameter(
        key="exam_paper_length",
        value=20,
        unit="questions",
        article=_EVERY_CHECK,
        in_force_from=_SINCE,
        settled=False,
        note="原文未定题量；本项目的默认值。",
    ),
    Parameter(
        key="exam_pass_mark",
        value=80,
        unit="points of 100",
        article="煤矿安全培训规定第十八条、第二十七条",
        in_force_from=date(2018, 3, 1),
        note="满分一百分，八十分以上为合格；对其他从业人员的现场考试无明文，比照执行。",
    ),
    Parameter(
        key="exam_retraining",
        value=30,
        unit="days",
        article=_EVERY_CHECK,
        in_force_from=_SINCE,
        settled=False,
        note=_NO_TERM,
        runs=Runs.PARTY,
    ),
    Parameter(
        key="exam_resit",
        value=45,
        unit="days",
        article=_EVERY_CHECK,
        in_force_from=_SINCE,
        settled=False,
        note=_NO_TERM,
        runs=Runs.PARTY,
    ),
    Parameter(
        key="exam_loss_decided",
        value=15,
        unit="days",
        article=_EVERY_CHECK,
        in_force_from=_SINCE,
        settled=False,
        note="补考不及格后由机关负责人确认取消任职资格；原文未定期限，本项目的默认值。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="exam_resit_categories",
        value=("PRINCIPAL", "MANAGER", "SPECIAL_OPERATOR"),
        unit="categories",
        article="实施意见三（十二）4、煤矿安全培训规定第四十条",
        in_force_from=_SINCE,
        note="实施意见列明安全管理人员、特种作业人员；主要负责人现场抽考不合格依煤矿安全培训规定第四十条重新考核。",
    ),
)
