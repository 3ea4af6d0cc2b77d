# SPDX-License-Identifier: EPL-2.0
# What a line of code is, for all that count them.

# code_lines: of Java on standard input, the lines that are neither blank nor comments
code_lines() {
  sed -E 's#^[[:space:]]+##' | grep -Evc '^$|^//|^/\*|^\*' || true
}
