// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

/** Compressed EISA ids: three letters and four hexadecimal digits in 32 bits, most significant byte first (ACPI 6.5, 19.3.4). */
public final class EisaId {
  private EisaId() {}

  /** {@code PNP0A08} for 0x080ad041. */
  public static String text(long number) {
    int bits = Integer.reverseBytes((int) number);
    char[] letters = new char[3];
    for (int i = 0; i < 3; i++) {
      letters[i] = (char) ('@' + (bits >>> 26 - 5 * i & 0x1f));
    }
    return new String(letters) + "%04X".formatted(bits & 0xffff);
  }

  /** A hardware id as text, which AML has as text or compressed; null: the term is neither. Not a switch of patterns, for which the JVM makes classes in each process. */
  public static String of(AmlTerm term) {
    if (term instanceof AmlTerm.Text text) {
      return text.value();
    }
    return term instanceof AmlTerm.Number number ? text(number.value()) : null;
  }

  private static boolean isId(String text) {
    boolean right = text.length() == 7;
    for (int i = 0; right && i < 7; i++) {
      char c = text.charAt(i);
      right = i < 3 ? c >= 'A' && c <= 'Z' : c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
    }
    return right;
  }

  /**
   * The number of an id.
   *
   * @throws IllegalArgumentException if it isn't three capital letters and four hexadecimal digits
   */
  public static long number(String text) {
    if (!isId(text)) {
      throw new IllegalArgumentException("'" + text + "' is no EISA id of three capital letters and four hexadecimal digits");
    }
    int bits = Integer.parseInt(text.substring(3), 16);
    for (int i = 0; i < 3; i++) {
      bits |= text.charAt(i) - '@' << 26 - 5 * i;
    }
    return Integer.reverseBytes(bits) & 0xffff_ffffL;
  }
}
