"""The sentences of the Problems of mines."""

SENTENCES: dict[str, tuple[str, str]] = {
    "CREDIT_CODE_WRONG": (
        "统一社会信用代码 {code} 不正确：应为18位，且校验码相符（GB 32100-2015）。",
        "{code} is no unified social credit code: 18 characters with their check character (GB 32100-2015).",
    ),
    "CREDIT_CODE_TAKEN": ("该统一社会信用代码的煤矿已经登记。", "A mine with this credit code is already registered."),
    "COUNTY_UNKNOWN": (
        "{county} 不是贵州省的县级行政区划代码（GB/T 2260）。",
        "{county} is no county of Guizhou (GB/T 2260).",
    ),
    "OFFICE_UNKNOWN": ("没有代码为 {office} 的监察执法处。", "There is no branch office {office}."),
    "OFFICE_CODE_TAKEN": ("该监察执法处代码已经登记。", "A branch office with this code is already registered."),
    "SUPERVISOR_ELSEWHERE": (
        "直接监管主体 {supervisor} 不管辖煤矿所在的 {county}："
        "每处煤矿应当明确直接监管主体（煤矿安全生产条例第四十条，实施意见三（十一）1）。",
        "The supervisor {supervisor} does not contain the mine's county {county}"
        " (煤矿安全生产条例 Art. 40, policy 三(十一)1).",
    ),
    "MINE_NOT_MOVABLE": (
        "已登记煤矿的 {field} 不能通过表格更改：其下记录按所在县和监察执法处归属。",
        "The {field} of a registered mine is not changed by a sheet: what is recorded under it belongs there.",
    ),
    "POSITION_OUTSIDE_GUIZHOU": (
        "坐标（纬度 {latitude}，经度 {longitude}，单位 10⁻⁷ 度，WGS-84）不在贵州省范围内。",
        "The position (latitude {latitude}, longitude {longitude}, in 10⁻⁷ degrees, WGS-84) lies outside Guizhou.",
    ),
}
