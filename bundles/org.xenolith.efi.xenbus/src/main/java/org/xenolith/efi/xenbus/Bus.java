// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

/** Numbers of the one bus of a domain. */
final class Bus {
  /** Address of the store's ring. */
  static final int STORE = 0;
  /** Its event channel. */
  static final int PORT = 1;
  /** Where the grant table is mapped. */
  static final int GRANTS = 2;
  /** How many frames of it are used, from the first on. */
  static final int FRAMES = 3;
  /** Address of the pages for messages: {@link #OUT_PAGES} for the one that is sent, as many for the answer. */
  static final int MESSAGES = 4;
  /** Bytes of the last message that are in the ring; its caller may have been taken away before they all were. */
  static final int SENT = 5;
  /** The last message's identity. */
  static final int IDENTITY = 6;
  /** Bytes of the last answer. */
  static final int LENGTH = 7;
  /** The event of the end of boot services. */
  static final int EVENT = 8;
  /** Bytes of the last message. */
  static final int SIZE = 9;
  /** Bytes that have come of the answer that is the next. */
  static final int CAME = 10;
  /** A bit for each frame of the grant table that is mapped, those among them that aren't used as an earlier one couldn't be. */
  static final int MAPPED = 11;
  static final int NUMBERS = 12;

  static final int PAGE = 4096;
  static final int OUT_PAGES = 2;
  static final int PAGES = 2 * OUT_PAGES;
  /** Bytes before what a message says. */
  static final int HEADER = 16;

  private Bus() {}

  /** Where the last answer begins. */
  static long answer(long[] bus) {
    return bus[MESSAGES] + OUT_PAGES * PAGE + HEADER;
  }
}
