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
    Parameter(
        key="report_follow_ups",
        value=("7", "30", "90", "180"),
        unit="days",
        article="应急〔2020〕69号第四条",
        in_force_from=date(2020, 9, 16),
        settled=False,
        note="该条要求定期回访举报人，未定日数；采用举报后第七、三十、九十、一百八十日。",
    ),
    Parameter(
        key="retaliation_looked_into",
        value=2,
        unit="days",
        article="煤矿安全生产条例第二十条、实施意见三（六）2",
        in_force_from=date(2024, 5, 1),
        settled=False,
        note="法律未定期限；项目采用二日内着手核查。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="retaliation_answered",
        value=15,
        unit="days",
        article="煤矿安全生产条例第二十条、实施意见三（六）2",
        in_force_from=date(2024, 5, 1),
        settled=False,
        note="法律未定期限；项目采用十五日内作出结论。",
        runs=Runs.AGENCY,
    ),
    *(
        Parameter(
            key=key,
            value=value,
            unit=unit,
            article="矿山安全生产举报奖励实施细则（试行）",
            in_force_from=date(2021, 1, 1),
            settled=False,
            note="采用2021年试行文本的数额和当年首日；2024年10月25日的正式文本条文未能核对。",
        )
        for key, value, unit in (
            ("reward_percent_first_grade", 15, "percent"),
            ("reward_percent_second_grade", 12, "percent"),
            ("reward_least", 300_000, "fen"),
            ("reward_most", 30_000_000, "fen"),
        )
    ),
)
