// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

/**
 * How many CPUs and how much memory a board can be asked for.
 *
 * @param mostCpus    most CPUs; 0 for as many as its tree has
 * @param leastMemory least RAM in bytes; 0 for any
 * @param mostMemory  most RAM in bytes; 0 for any
 */
record BoardLimits(int mostCpus, long leastMemory, long mostMemory) {
  static final BoardLimits NONE = new BoardLimits(0, 0, 0);
  private static final String UNITS = "KMGT";

  /** Bytes of a text such as {@code 32M}; -1 if it is none. */
  static long bytes(String text) {
    if (!text.matches("[0-9]{1,6}[" + UNITS + "]")) {
      return -1;
    }
    int unit = UNITS.indexOf(text.charAt(text.length() - 1)) + 1;
    return Long.parseLong(text.substring(0, text.length() - 1)) << 10 * unit;
  }

  /** Bytes for people: 32 MiB. */
  static String text(long bytes) {
    int unit = 0;
    long number = bytes;
    while (unit < UNITS.length() && number != 0 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return unit == 0 ? number + " bytes" : number + " " + UNITS.charAt(unit - 1) + "iB";
  }
}
