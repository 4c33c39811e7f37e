"""What the room `ui` says."""

from __future__ import annotations

HELP_PAGE = """\
## 按键

没有在输入文字时，按键作用于当前步骤。亮起的键就是接下来要做的事，按 `enter` 也一样。

| 按键 | 作用 |
|---|---|
| `r` `e` `v` | 运行、编辑、再检查 |
| `h` `s` `f` | 提示、参考答案、填入参考答案 |
| `n` `b` `k` | 下一步、上一步、跳过 |
| `g` `x` | 恢复变量、重启运行环境 |
| `c` `o` `u` | 复制代码、恢复课程原来的代码、换回我上次写的 |
| `E` | 用 `$VISUAL` 或 `$EDITOR` 改代码 |
| `p` | 放大查看：最新的输出，或光标所在的内容 |
| `[` `]` | 在对话的各块内容之间移动：`c` 复制，`o` 打开链接，`t` 把代码拿到输入框里试 |
| `space` `PgUp` `PgDn` | 往下读、滚动 |
| `end` | 到对话末尾 |
| `l` | 主页：接着学、待补步骤、全部课程 |
| `L` | 旁边的课程列表 |
| `ctrl+p` | 输入几个字，找到任何功能 |
| `t` 或 `tab` | 在输入框里试代码 |
| `/` | 输入命令；会列出匹配的命令，用上下键选，`tab` 补全 |
| `1` … `9` | 移到那个选项，按 `enter` 回答 |
| `esc` | 回到步骤 |
| `ctrl+c` | 中断正在运行的代码；连按两次，或没有代码在运行时：退出 |
| `w` | 课程在哪里运行：这台电脑、别的 Python、服务器 |
| `,` | 设置 |
| `f2` | English |
| `q` | 退出 |

## 课程和步骤的标记

| 标记 | 含义 |
|---|---|
| `·` | 还没开始 |
| `›` | 已经开始 |
| `✓` | 通过 |
| `●` | 本机已完成；这台电脑无法检查的留作待补步骤 |
| `✗` | 还没通过 |
| `–` | 已跳过 |
| `~` | 通过后课程有改动 |
| `?` | 等你信任之后才能打开：`tutor trust` |
| `!` | 打不开；运行 `tutor check` 查看原因 |

## 输入的命令

`/run` · `/edit` · `/editor` · `/check` · `/answer …` · `/hint` · `/solution` · `/fill` · `/skip` · `/next` · `/back` · `/goto 步骤` · `/bring` · `/restart` · `/restart empty` · \
`/interrupt` · `/copy` · `/reset` · `/recall` · `/open` · `/earlier` · `/later` · `/end` · `/lesson 课程` · `/home` · `/search 关键词` · `/list` · `/explain` · `/doctor` · `/accounts` · `/runtime 名称` · `/report` · `/lang en` · `/theme light` · `/settings` · `/palette` · `/help` · `/quit`

在输入框里输入的其他内容都是代码，和课程的代码在同一个环境里运行，不会被检查。粘贴进去的报错不会运行，而是得到解释。

代码运行超过 20 秒、而你正在看别的窗口时，运行结束会响一次终端的提示音。
"""

WORDS: dict[str, str] = {
    "ui.welcome": "欢迎。请稍等，正在打开课程。",
    "ui.step_of": "第 {position} 步，共 {total} 步",
    "ui.step_short": "步骤 {position}/{total}",
    "ui.hint": "提示",
    "ui.hint_of": "第 {number} 条提示，共 {total} 条",
    "ui.solution": "参考答案",
    "ui.expected": "应为",
    "ui.seen": "实际",
    "ui.ran_on": "运行于 {place}",
    "ui.verdict_passed": "通过。",
    "ui.verdict_not_yet": "还没通过。",
    "ui.verdict_open_in_part": "这台电脑能检查的都对，其余的待补。",
    "ui.verdict_could_not_check": "这里无法检查。",
    "ui.verdict_passed_practice": "演练通过。",
    "ui.verdict_not_yet_practice": "还没通过（演练）。",
    "ui.verdict_could_not_check_practice": "这里无法检查（演练）。",
    "ui.seconds": "{seconds} 秒",
    "ui.running": "正在运行 · {seconds} 秒",
    "ui.action_run": "运行",
    "ui.action_edit": "编辑",
    "ui.action_check": "再检查",
    "ui.action_answer": "回答",
    "ui.action_hint": "提示",
    "ui.action_solution": "参考答案",
    "ui.action_fill": "填入",
    "ui.action_recall": "我上次写的",
    "ui.action_refill": "重新填写",
    "ui.action_practice": "演练",
    "ui.do_for_me": "替我做",
    "ui.practice_no_more": "退出演练",
    "ui.action_skip": "跳过",
    "ui.action_next": "下一步",
    "ui.action_back": "上一步",
    "ui.action_bring": "恢复变量",
    "ui.action_restart": "重启",
    "ui.action_interrupt": "中断",
    "ui.action_copy": "复制",
    "ui.action_reset": "恢复原代码",
    "ui.action_tick": "打勾",
    "ui.hand_in": "提交",
    "ui.leave": "回到步骤",
    "ui.send": "发送",
    "ui.complete": "补全",
    "ui.close_menu": "关闭",
    "ui.new_line": "换行",
    "ui.answer_code": "先回答正在运行的代码",
    "ui.waits_its_turn": "前面的代码运行完就轮到它",
    "ui.read_on": "往下读",
    "ui.guess": "先猜一猜，不计对错；运行之后就知道了。",
    "ui.several": "正确的不止一个：按空格打勾。",
    "ui.secret": "不显示，不保存",
    "ui.differs": "和你的代码不同的地方：",
    "ui.edited": "改过的代码",
    "ui.code_to_fix": "{language} · 由你完成",
    "ui.not_now": "这一步现在不能这样做",
    "ui.copied": "已复制",
    "ui.prompt_placeholder": "试一段代码，或输入 / 使用命令",
    "ui.unknown_command": "没有 /{name} 这个命令。你是不是想用 /{near}？",
    "ui.needs_step": "/{name} 后面要写步骤的 id，例如 /{name} first-step",
    "ui.needs_language": "/{name} 后面要写 en 或 zh",
    "ui.needs_theme": "/{name} 后面要写 auto、dark、light、contrast 或 ansi；什么都不写就换下一个",
    "ui.theme_now": "配色：{theme}",
    "ui.theme_not_here": "这个终端的颜色不够，显示不了 {theme}；已记住，换终端后生效",
    "ui.next_lesson": "下一课：「{title}」。按 n 打开。",
    "ui.open": "打开",
    "ui.runs_here": "本机（{device}）",
    "ui.device_cpu": "CPU，{cores} 核",
    "ui.device_cpu_one": "CPU，{cores} 核",
    "ui.device_memory": "{name}，{memory} GiB",
    "ui.device_several": "{count} × {device}",
    "ui.runtime_off": "运行环境还没启动",
    "ui.runtime_starting": "运行环境正在启动",
    "ui.runtime_ready": "这台电脑",
    "ui.runtime_busy": "正在运行",
    "ui.runtime_dead": "运行环境已结束 · 按 x 重启",
    "ui.practice": "演练模式",
    "ui.minutes_left": "还需约 {minutes} 分钟",
    "ui.status_lessons": "l 课程",
    "ui.status_language": "f2 English",
    "ui.status_help": "? 帮助",
    "ui.failed": "tutor 自身出了问题：{message}。详情在日志里。",
    "ui.quit_idle": "退出 tutor 吗？所有进度都已保存。",
    "ui.quit_running": "代码还在运行。中断并退出吗？",
    "ui.quit_yes": "退出",
    "ui.quit_no": "留下",
    "ui.help_page": HELP_PAGE,
}
