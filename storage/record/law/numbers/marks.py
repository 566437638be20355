"""What a finding may be marked as besides its kind: the lists of 五假五超三瞒三不."""

from datetime import date

from storage.record.law.parameters import Parameter

_NOTE = "实施意见只列名称，未逐项写明：此处各项为行业通行说法，由法制机构核定。"


def _listed(key: str, *items: str) -> Parameter:
    return Parameter(
        key=key, value=items, unit="marks", article="实施意见三（十）", in_force_from=date(2020, 9, 1), settled=False,
        note=_NOTE,
    )  # fmt: skip


PARAMETERS: tuple[Parameter, ...] = (
    _listed("marks_five_fakes", "假整改", "假密闭", "假数据", "假图纸", "假报告"),
    _listed("marks_five_excesses", "超能力", "超强度", "超定员", "超层越界", "证照超期"),
    _listed("marks_three_concealments", "隐瞒作业地点", "隐瞒作业人数", "瞒报事故"),
    _listed("marks_three_refusals", "不具备法定办矿条件", "不经批准擅自复工复产", "拒不执行指令"),
)
