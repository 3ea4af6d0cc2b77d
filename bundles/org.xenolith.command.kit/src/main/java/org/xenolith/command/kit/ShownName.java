// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

/** Names that people didn't choose for reading, as of files: shown so that they can neither end a line nor steer a terminal. */
public final class ShownName {
  private ShownName() {}

  /** The name with each control character as {@code \xNN}. */
  public static String of(Object name) {
    StringBuilder shown = new StringBuilder();
    name.toString().codePoints().forEach(c -> {
      if (Character.isISOControl(c)) {
        shown.append("\\x%02x".formatted(c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.toString();
  }
}
