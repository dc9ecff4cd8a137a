/** Texts that something on the way likes to change: each must come back in every code unit. */
export const hardTexts: Readonly<Record<string, string>> = {
  accents: "na\u00efve cafe\u0301 and caf\u00e9",
  emoji: "\u{1F9D1}\u{1F3FD}\u200D\u2695\uFE0F \u{1F6CF}\uFE0F \u{1F489}",
  "right to left": "\u202B\u0627\u0644\u0645\u0631\u064A\u0636 \u05E9\u05DC\u05D5\u05DD\u202C (RR 24)",
  "line ends": "one\r\ntwo\nthree\rfour\u2028five\u0085",
  "half a pair": "before \ud83d after",
  "spaces and controls": "\u0000\u0001\t\u00a0\u200b\ufeff  end  ",
  "quotes and braces": '"\\{}[]</script>\u0027${x}%s',
  "8000 characters": "Dyspn\u00f8ea \u{1F62E}\u200D\u{1F4A8} since 04:30. ".repeat(400).slice(0, 8000),
};
