"""Words of reading and copying what was said."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "reading.more_below": "下面还有内容",
    "reading.new": "{count} 条新消息",
    "reading.to_end": "跳到最后",
    "reading.open_large": "放大查看",
    "reading.others": "上一块、下一块",
    "reading.back": "返回",
    "reading.copy_address": "复制网址",
    "reading.follow": "打开链接",
    "reading.to_prompt": "拿来试试",
    "reading.no_link": "这里没有链接",
    "reading.opened": "已在终端外打开",
    "reading.no_browser": "这个终端打不开它，地址已复制：",
    "reading.too_long": "内容太长，这个终端复制不了",
}
