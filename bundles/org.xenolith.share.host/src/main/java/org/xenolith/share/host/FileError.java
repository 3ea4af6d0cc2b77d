// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

/** Something can't be done with a file: the number of Linux' error for it. */
final class FileError extends Exception {
  static final int NOT_PERMITTED = 1;
  static final int NO_FILE = 2;
  static final int IO = 5;
  static final int BAD_FILE = 9;
  static final int AGAIN = 11;
  static final int ACCESS = 13;
  static final int EXISTS = 17;
  static final int NO_FOLDER = 20;
  static final int IS_FOLDER = 21;
  static final int INVALID = 22;
  static final int TABLE_FULL = 23;
  static final int TOO_MANY_OPEN = 24;
  static final int READ_ONLY = 30;
  static final int NAME_TOO_LONG = 36;
  static final int LINK = 40;
  static final int TOO_LARGE = 75;
  static final int NOT_SUPPORTED = 95;
  static final int STALE = 116;
  private static final long serialVersionUID = 1L;

  private final int number;

  FileError(int number) {
    super("error " + number, null, false, false);
    this.number = number;
  }

  /** The error's number, positive. */
  int number() {
    return number;
  }
}
