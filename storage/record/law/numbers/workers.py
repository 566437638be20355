"""Numbers of reports and of people who work in mines."""

from datetime import date

from storage.record.law.parameters import Parameter, Runs

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="report_decided",
        value=60,
        unit="days",
        article="煤矿安全生产举报办法（2012）第十条",
        in_force_from=date(2018, 2, 8),
        settled=False,
        note="安法、条例均未定期限；采用安监总财〔2018〕19号以前的举报办法的六十日。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="report_extension",
        value=30,
        unit="days",
        article="煤矿安全生产举报办法（2012）第十条",
        in_force_from=date(2018, 2, 8),
        settled=False,
        note="经批准。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="report_feedback",
        value=10,
        unit="days",
        article="煤矿安全生产举报办法（2012）第十条",
        in_force_from=date(2018, 2, 8),
        settled=False,
        note="核查结束之日起；现行文本以安监总财〔2018〕19号为准。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="report_kept",
        value=5,
        unit="years",
        article="个人信息保护法第十九条",
        in_force_from=date(2018, 2, 8),
        settled=False,
        note="法律只要求必要的最短期限，未定年数，采用本项目的做法；有关案件未结案的，期限暂停。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="petition_told",
        value=15,
        unit="days",
        article="信访工作条例第二十二条",
        in_force_from=date(2022, 5, 1),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="petition_done",
        value=60,
        unit="days",
        article="信访工作条例第三十四条",
        in_force_from=date(2022, 5, 1),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="petition_extension",
        value=30,
        unit="days",
        article="信访工作条例第三十四条",
        in_force_from=date(2022, 5, 1),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="qualification_renewal_ahead",
        value=60,
        unit="days",
        article="煤矿安全培训规定第二十九条",
        in_force_from=date(2018, 3, 1),
        settled=False,
        note="第二十九条只规定特种作业操作证：有效期届满六十日前参加专门培训并申请考试；其他证书无明文，采用同一天数提示。",
        runs=Runs.AGENCY,
    ),
)
