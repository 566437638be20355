"""Numbers of what is published before and beside decisions, of yearly figures, and of what anybody asks for."""

from datetime import date

from storage.record.law.parameters import Parameter, Runs

_ORDER_118 = "国办发〔2018〕118号"
_REGULATION = date(2019, 5, 15)
_POLICY = date(2020, 7, 1)

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="list_licences_every",
        value=12,
        unit="months",
        article="实施意见三（八）3",
        in_force_from=_POLICY,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="list_supervisors_every",
        value=3,
        unit="months",
        article="实施意见三（十一）1",
        in_force_from=_POLICY,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="list_experts_every",
        value=12,
        unit="months",
        article="实施意见三（十四）5",
        in_force_from=_POLICY,
        settled=False,
        note="实施意见只说“定期”公布专家库名单，未定周期：采用每年一次。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="list_signed_every",
        value=12,
        unit="months",
        article="实施意见三（六）2",
        in_force_from=_POLICY,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="list_overdue_every",
        value=12,
        unit="months",
        article="实施意见三（六）2",
        in_force_from=_POLICY,
        settled=False,
        note="实施意见要求承诺书向社会公布，未提未签名单：与已签名单同期公布。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="year_figures_published",
        value=31,
        unit="day of the year",
        article=_ORDER_118,
        in_force_from=date(2019, 1, 1),
        settled=False,
        note="118号文要求每年1月31日前公开上年度行政执法数据；条文未见原文。",
    ),
    Parameter(
        key="quarter_counts_published",
        value=20,
        unit="working days",
        article="政府信息公开条例第二十六条",
        in_force_from=_REGULATION,
        settled=False,
        note="法律不要求按季公布公开情况；本项目自季度终了起按二十个工作日公布。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="information_unclear_asked",
        value=7,
        unit="working days",
        article="政府信息公开条例第三十条",
        in_force_from=_REGULATION,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="third_party_heard",
        value=15,
        unit="working days",
        article="政府信息公开条例第三十二条",
        in_force_from=_REGULATION,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="error_report_answer",
        value=20,
        unit="working days",
        article="政府信息公开条例第四十一条",
        in_force_from=_REGULATION,
        settled=False,
        note="条例规定应当更正并告知，未定期限：比照第三十三条采用二十个工作日。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="contact_kept_after_answer",
        value=6,
        unit="months",
        article="个人信息保护法第四十七条",
        in_force_from=date(2021, 11, 1),
        settled=False,
        note="法律要求目的实现后删除，未定期限：答复后保留六个月，与直接起诉期限相同。",
        runs=Runs.AGENCY,
    ),
)
