// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

/**
 * The first line of a kind of file that a later version may write otherwise: a name, and a number that counts up with each such change.
 *
 * @param name   before the number
 * @param number of what this version writes and reads
 * @param remedy what to do with a file of another number
 */
public record RecordFormat(String name, int number, String remedy) {
  private static final String NUMBER = " [0-9]{1,6}";

  /** The line. */
  public String line() {
    return name + ' ' + number;
  }

  /** Whether a line is that of some version. */
  boolean isOfSome(String line) {
    return line.matches(name + NUMBER);
  }

  /** Why a file with another first line isn't read. */
  public String refusal(String line) {
    if (!isOfSome(line)) {
      return "not that of a file of this kind, or damaged";
    }
    int other = Integer.parseInt(line.substring(name.length() + 1));
    return "format " + other + " is of " + (other < number ? "an earlier" : "a later") + " version of Xenolith, this one reads format "
        + number
        + "; " + remedy;
  }
}
