/** What each deadline asks for, by the key of its period in the law, in Chinese and English: nothing else may live here. */

import { teller } from "../app/words.js";

const KEYS = {
  cash_handed_in: ["上缴当场收缴的罚款", "To hand in the cash of a fine"],
  correction_term: ["限期整改", "To put right what was ordered"],
  court_application: ["申请法院强制执行", "To ask the court for enforcement"],
  decision: ["作出处罚决定", "To decide the case"],
  defect_made_good: ["补正记录瑕疵", "To make good a defect of the record"],
  demand: ["催告后申请强制执行", "To ask the court after urging"],
  exam_loss_decided: ["决定取消任职资格", "To decide on a lost qualification"],
  exam_resit: ["补考", "To sit the exam again"],
  exam_retraining: ["重新培训", "To train again"],
  hearing_notice: ["举行听证的通知", "To give notice of a hearing"],
  payment: ["缴纳罚款", "To pay the fine"],
  penalty_published: ["公示处罚决定", "To publish the decision"],
  petition_told: ["告知是否受理", "To tell whether it is accepted"],
  recheck: ["复查", "To check again"],
  registered_evidence_decision: ["处理先行登记保存的证据", "To decide on registered evidence"],
  report_decided: ["办结举报", "To decide the report"],
  report_extension: ["延期后办结举报", "To decide the report, as extended"],
  report_feedback: ["反馈核查结果", "To tell the outcome"],
  report_kept: ["删除举报材料", "To erase what was kept of the report"],
  restart_acceptance: ["组织复产验收", "To hold the acceptance for a restart"],
  restart_announced: ["公告恢复生产", "To announce the restart"],
  retaliation_answered: ["对打击报复作出结论", "To conclude on the retaliation"],
  retaliation_looked_into: ["着手核查打击报复", "To look into the retaliation"],
  review_forwarding: ["转送复议申请", "To forward the request for review"],
  review_reply: ["提出复议答复", "To reply in the review"],
  review_reply_simple: ["提出复议答复（简易程序）", "To reply in the review (simple)"],
  seizure: ["查封、扣押期满处理", "To end the seizure"],
  seizure_extension: ["延长的查封、扣押期满处理", "To end the extended seizure"],
  service_of_absent: ["送达处罚决定", "To serve the decision"],
  stop_announced: ["公告停产整顿", "To announce the stop"],
  suit_answer: ["提交答辩状", "To answer the suit"],
  supervision_tracking: ["每月跟踪督办", "To track the supervision each month"],
  transfer_decision: ["决定是否移送", "To decide on the transfer"],
  transfer_handover: ["向公安机关移送", "To hand over to the police"],
  transfer_of_goods: ["移交涉案物品", "To hand over the goods"],
  transfer_police_decision: ["公安机关决定是否立案", "The police's decision"],
  urgent_measure_report: ["补办批准手续", "To report an urgent measure for approval"],
  withdrawal_of_disclosure: ["撤回公示", "To withdraw what was published"],
};
const t = teller(KEYS);

/** What the deadline asks for; where the list does not know it, the article that sets it. */
export function deadline({ key, article }) {
  return key in KEYS ? t(key) : article;
}
