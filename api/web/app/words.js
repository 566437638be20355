/** Every sentence that the page says, in Chinese and English: nothing else may live here. */

const WORDS = {
  name: ["井口", "Pithead"],
  online: ["在线", "Online"],
  offline: ["离线", "Offline"],
  unreached: ["连不上服务器", "No server"],
  back: ["返回", "Back"],
  me: ["我的", "Me"],
  again: ["重试", "Try again"],

  sign_in: ["登录", "Sign in"],
  sign_in_lead: ["执法现场取证", "Evidence from the site"],
  sign_in_text: [
    "照片和录像在本机签名、联网后封存；封存凭证在本机核验通过之前，本机副本不会删除。",
    "Photos and films are signed on this phone and sealed once it is online. Your copy stays until the sealed receipt is verified here.",
  ],
  login: ["账号", "Account"],
  password: ["密码", "Password"],
  signing_in: ["正在登录…", "Signing in…"],
  sign_in_key: [
    "首次登录会在本机生成一把不可导出的签名密钥，并记住服务器的公钥。",
    "The first sign-in makes a signing key that cannot leave this phone, and remembers the server's public keys.",
  ],
  must_sign_in: ["登录已失效", "Your sign-in has ended"],
  must_sign_in_text: [
    "取证不受影响：新的照片仍会签名并保存在本机。重新登录后自动发送。",
    "You can go on taking evidence: it is signed and kept here. Sign in again and it is sent.",
  ],
  kept_waiting: [
    "本机还有 {count} 件待发送，登录后继续。",
    "{count} pieces wait on this phone; they go on once you sign in.",
  ],

  open_inspection: ["开启检查", "Open an inspection"],
  no_inspection: ["还没有进行中的检查", "No inspection is open"],
  no_inspection_text: [
    "先开启一次检查，再拍照或录像。没有网络也可以开启，联网后自动登记。",
    "Open an inspection first, then take photos or films. It works offline and is registered later.",
  ],
  to_join: ["{mine}：{officers}", "{mine}: {officers}"],
  to_join_title: ["有一次检查等您加入", "An inspection waits for you"],
  join: ["加入", "Join"],
  another_inspection: ["开启另一次检查", "Open another inspection"],
  mine: ["煤矿", "Mine"],
  choose: ["请选择", "Choose"],
  second: ["同行执法人员", "Second officer"],
  second_hint: [
    "现场检查不少于两人，对方须用自己的手机加入。",
    "Two officers at least; the other joins on a phone of his own.",
  ],
  surface: ["地面检查地点", "Place on the surface"],
  underground: ["井下检查地点", "Place underground"],
  basis: ["检查依据", "Ground"],
  PLANNED: ["按计划", "By the plan"],
  REASONED: ["有理由", "For a reason"],
  reason: ["计划编号或理由", "Plan number or reason"],
  reason_hint: ["至少 4 个字。", "At least 4 characters."],
  surface_default: ["地面调度室", "地面调度室"],
  underground_default: ["采煤工作面", "采煤工作面"],
  reason_short: ["理由至少 4 个字。", "The reason needs at least 4 characters."],
  fill_in: ["请填写此项。", "Fill this in."],
  on_beacon: ["不早于 {time}（服务器信标）。", "Not before {time}, by the server's beacon."],
  no_beacon: [
    "本机没有可用的信标：请联网一次，再开启检查。已有的照片不受影响。",
    "This phone holds no valid beacon: go online once, then open. What you have taken is safe.",
  ],
  no_lists: ["本机还没有煤矿名单：请联网一次。", "This phone has no list of mines yet: go online once."],
  no_lead: ["两人中须有一人是带队人员。", "One of the two must hold the role of a lead."],

  inspection: ["现场检查", "Inspection"],
  begun: ["{day} {time} 开始", "Begun {day}, {time}"],
  not_registered: ["已在本机开启，联网后登记", "Opened on this phone; registered once it is online"],
  inspection_refused: ["服务器没有登记这次检查", "The server did not register this inspection"],
  inspection_refused_text: ["{sentence} 证据已保存在本机。", "{sentence} Your evidence is kept on this phone."],

  evidence: ["证据", "Evidence"],
  no_evidence: ["还没有证据", "No evidence yet"],
  no_evidence_text: [
    "点下方“拍摄”。照片和录像先签名存在本机，有网时自动发送。",
    "Tap “Capture” below. Photos and films are signed and kept here first, and sent when there is a network.",
  ],
  no_evidence_offline: [
    "现在离线，也可以拍摄：先签名存在本机，联网后自动发送。",
    "You are offline and can still capture: it is signed and kept here, and sent later.",
  ],
  all_sealed: ["{count} 件全部封存，凭证已在本机核验", "All {count} sealed, receipts verified on this phone"],
  counts_waiting: [
    "{count} 件：已封存 {sealed} 件，待发送 {waiting} 件",
    "{count} pieces: {sealed} sealed, {waiting} waiting",
  ],
  counts_trouble: ["{count} 件：{trouble} 件需要处理", "{count} pieces: {trouble} need a look"],
  sending_all: ["正在发送 {sent} / {size}", "Sending {sent} of {size}"],
  parts: ["第 {part}/{parts} 段", "part {part} of {parts}"],
  left: ["约还需 {time}", "about {time} left"],
  seconds: ["{count} 秒", "{count} s"],
  minutes: ["{count} 分钟", "{count} min"],

  photo: ["照片", "Photo"],
  film: ["录像", "Film"],
  sound: ["录音", "Sound"],
  capture: ["拍摄", "Capture"],
  shutter: ["拍照", "Take a photo"],
  record: ["开始录像", "Start filming"],
  stop: ["结束录像", "Stop filming"],
  from_files: ["选取文件", "Choose a file"],
  camera_waiting: ["正在打开相机…", "Opening the camera…"],
  camera_denied: ["相机没有打开", "The camera did not open"],
  camera_denied_text: [
    "浏览器没有给出相机权限。可以改用系统相机，或在浏览器设置中允许此页面使用相机。",
    "The browser did not allow it. Use the system camera, or allow the camera for this page in the browser's settings.",
  ],
  kept_here: ["已存在本机：{name}", "Kept on this phone: {name}"],
  kept_film: ["录像已存在本机：{name}", "Film kept on this phone: {name}"],
  not_taken: [
    "不能作为证据：只收照片、录像和录音。文件没有改动。",
    "Not taken: only photos, films and sounds are evidence. Your file is unchanged.",
  ],
  no_room: [
    "手机空间不足，没有保存。已有的证据都在。请清理空间后再拍。",
    "No room left on this phone: not kept. Earlier evidence is safe. Free some room, then try again.",
  ],

  s_TAKING: ["正在录制，随录随存在本机", "Recording; kept here as it goes"],
  s_TAKEN: ["已存在本机，正在计算指纹并签名", "Kept here; being hashed and signed"],
  s_TAKEN_PROGRESS: ["正在计算指纹 {sent} / {size}", "Hashing {sent} of {size}"],
  s_SIGNED: ["已签名，等待发送", "Signed, waiting to be sent"],
  s_SIGNED_OFFLINE: ["已签名存在本机，联网后自动发送", "Signed and kept here; sent once online"],
  s_DECLARED: ["已申报，等待发送", "Declared, waiting to be sent"],
  s_DECLARED_OFFLINE: ["已发送 {percent}%，联网后接着发送", "{percent}% sent; it goes on once online"],
  s_SENDING: ["正在发送 {percent}%", "Sending {percent}%"],
  s_UPLOADED: ["已发送，等待服务器确认", "Sent, waiting for the server"],
  s_RECEIVED: ["服务器已收到，等待封存", "Received, waiting to be sealed"],
  s_SEALED: ["已封存，凭证已在本机核验", "Sealed; receipt verified on this phone"],
  s_REFUSED: ["服务器没有接受，本机副本保留", "Not accepted; your copy is kept"],
  s_QUARANTINED: ["已隔离，本机副本保留", "Set apart; your copy is kept"],
  s_UNPROVEN: ["凭证未通过核验，本机副本保留", "Receipt not verified; your copy is kept"],
  s_ASIDE: ["暂未发送，稍后自动再试", "Not sent yet; it is tried again"],
  s_CUT: ["录像在中断处结束", "The film ends where it was cut off"],

  q_ENCODED: ["上传时被标注为压缩内容。", "It was sent as packed bytes."],
  q_HASH_DIFFERS: ["内容与本机签名的指纹不符。", "Its hash is not the one that this phone signed."],
  q_STATEMENT_DIFFERS: ["存储中所附的陈述不一致。", "The store has it with another statement."],
  q_PARTS_DIFFER: ["分段的指纹与本机签名的不符。", "Its parts are not those that this phone signed."],
  q_SIZE_DIFFERS: ["大小与本机签名的不符。", "Its size is not the one that this phone signed."],
  q_TYPE_DIFFERS: ["内容与声明的格式不符。", "Its content is not of the type that was declared."],
  q_TYPE_NOT_TAKEN: ["不是可以接收的照片、录像或录音。", "It is no photo, film or sound that is taken."],
  q_VERSION_GONE: ["存储中的版本已不存在。", "Its version is gone from the store."],
  facts: ["记录", "Facts"],
  taken_at: ["本机时间", "Time on this phone"],
  bytes: ["大小", "Size"],
  media: ["格式", "Format"],
  fingerprint: ["数字指纹", "SHA-256"],
  chain: ["证据链序号", "Number in the chain"],
  position: ["位置", "Position"],
  no_position: ["没有取得", "None"],
  log_position: ["日志位置", "Place in the log"],
  copy: ["本机副本", "Copy on this phone"],
  copy_there: ["保留中", "Kept"],
  copy_gone: ["凭证核验后已删除", "Deleted after the receipt was verified"],
  proof: ["凭证核验", "Proof"],
  proof_text: [
    "不依赖服务器，用登录时记住的公钥在本机逐项核验。",
    "Checked on this phone with the keys remembered at sign-in, without asking the server.",
  ],
  check_now: ["现在核验一次", "Check it now"],
  checking: ["正在核验…", "Checking…"],
  details_more: ["显示细节", "Show details"],
  details_less: ["收起细节", "Hide details"],
  proof_none: [
    "封存之后，这里会有可以随时核验的凭证。",
    "Once it is sealed, its receipt can be checked here at any time.",
  ],
  proof_good: ["全部通过：凭证有效", "All checks hold: the receipt is valid"],
  proof_bad: ["没有通过：{name}", "Does not hold: {name}"],
  shown_whole: ["点按显示全部", "Tap for all of it"],
  c_bundle: ["证据包格式", "Form of the bundle"],
  c_keys: ["服务器公钥的传承", "The server's keys"],
  c_statement: ["本机的陈述", "This phone's statement"],
  c_declared: ["申报凭证", "Declared receipt"],
  "c_declared-signature": ["申报凭证的签名", "Its signature"],
  c_sealed: ["封存凭证", "Sealed receipt"],
  c_entry: ["日志条目", "Entry in the log"],
  "c_sealed-signature": ["封存凭证的签名", "Signature of the sealed receipt"],
  c_agreement: ["各项说的是同一件证据", "All speak of the same piece"],
  "c_statement-signature": ["本机密钥的签名", "Signature of this phone's key"],
  c_checkpoint: ["日志检查点的签名", "Signed checkpoint"],
  c_inclusion: ["条目确在日志之中", "The entry is in the log"],
  c_trust: ["与登录时记住的公钥相符", "The keys remembered at sign-in"],
  c_original: ["原件逐字节相符", "The original, byte by byte"],
  original_gone: ["副本已按规则删除，封存时核验过", "The copy was deleted by rule; checked when it was sealed"],

  account: ["账号", "Account"],
  device: ["本机编号", "This device"],
  server: ["服务器日志", "Server's log"],
  keys_pinned: ["记住的公钥", "Remembered keys"],
  storage: ["本机占用", "Used on this phone"],
  storage_safe: ["受保护，系统不会自动清除", "Protected: not cleared by the system"],
  storage_loose: [
    "未受保护：空间紧张时系统可能清除，请尽快联网发送",
    "Not protected: the system may clear it when room is short; go online soon",
  ],
  beacon: ["最新信标", "Newest beacon"],
  valid_until: ["有效至 {day} {time}", "Valid until {day}, {time}"],
  none: ["没有", "None"],
  language: ["语言", "Language"],
  sign_out: ["退出登录", "Sign out"],
  sign_out_text: [
    "退出后，未发送的证据仍留在本机，再次登录后继续发送。",
    "Evidence that was not sent stays on this phone and goes on when you sign in again.",
  ],

  e_UNREACHABLE: [
    "连不上服务器。已有的证据都在本机，网络恢复后自动继续。",
    "The server cannot be reached. Everything is kept here and goes on by itself.",
  ],
  e_SIGN_IN_OFFLINE: [
    "连不上服务器，没有登录。请检查网络后再试；本机已有的证据都在。",
    "The server cannot be reached, so you are not signed in. Check the network and try again; nothing on this phone is lost.",
  ],
  e_ANOTHER: [
    "回应的不是本机记住的那台服务器，没有发送任何内容。请勿继续，并告知管理员。",
    "What answers is not the server that this phone remembers. Nothing was sent. Stop, and tell your administrator.",
  ],
  e_UNKNOWN: ["出错了，没有丢失任何证据：{what}", "Something went wrong; no evidence was lost: {what}"],
  e_NO_CRYPTO: [
    "此页面需要 HTTPS 才能签名。请用 https:// 地址打开。",
    "This page needs HTTPS to sign. Open it at an https:// address.",
  ],
};

let tongue = localStorage.getItem("pithead.language") ?? "zh";

/** Is English chosen? */
export function english() {
  return tongue === "en";
}

/** Which language is spoken: zh or en. */
export function language() {
  return tongue;
}

export function speak(chosen) {
  tongue = chosen;
  localStorage.setItem("pithead.language", chosen);
  document.documentElement.lang = chosen === "en" ? "en" : "zh-CN";
}

/** What tells the sentences of a page, by code, with their parameters; the code itself where there is none. */
export function teller(words) {
  return (code, parameters = {}) => {
    const text = words[code]?.[english() ? 1 : 0] ?? code;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(parameters[name] ?? ""));
  };
}

/** The sentence of this code. */
export const t = teller(WORDS);
