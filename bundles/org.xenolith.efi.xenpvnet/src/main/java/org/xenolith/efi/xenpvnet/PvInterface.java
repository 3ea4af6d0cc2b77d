// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import org.xenolith.efi.boot.kit.FrameBuffers;
import org.xenolith.efi.boot.kit.FrontEnd;

/** Numbers of one PV network interface's protocol. */
final class PvInterface {
  /** Address of its pages: the ring of frames that are sent, that of those that come, the references. */
  static final int PAGES = FrontEnd.NUMBERS;
  /** The event of the end of boot services. */
  static final int EVENT = FrontEnd.NUMBERS + 1;
  /** Whether the back end has lied. */
  static final int BROKEN = FrontEnd.NUMBERS + 2;
  /** Frames that were given to be sent, and those of which the answers were taken. */
  static final int SENT = FrontEnd.NUMBERS + 3;
  static final int ANSWERED = FrontEnd.NUMBERS + 4;
  /** Buffers that were offered, and those that came back. */
  static final int OFFERED = FrontEnd.NUMBERS + 5;
  static final int TAKEN = FrontEnd.NUMBERS + 6;
  /** A bit for each buffer that the back end has. */
  static final int WITH_BACK_END = FrontEnd.NUMBERS + 7;
  /** Whether the back end couldn't be told of something. */
  static final int UNTOLD = FrontEnd.NUMBERS + 8;
  static final int NUMBERS = FrontEnd.NUMBERS + 9;

  static final int PAGE = 4096;
  static final int OWN_PAGES = 3;
  private static final int RINGS = 2;
  /** Pages that are granted: both rings', then those for frames. */
  static final int TO_GRANT = RINGS + FrameBuffers.SENDING + FrameBuffers.RECEIVING;

  private PvInterface() {}

  static long sendRing(long[] numbers) {
    return numbers[PAGES];
  }

  static long receiveRing(long[] numbers) {
    return numbers[PAGES] + PAGE;
  }

  /** Where references are kept. */
  static long references(long[] numbers) {
    return numbers[PAGES] + RINGS * PAGE;
  }

  /** The page that is granted as the number of this one. */
  static long granted(long[] numbers, FrameBuffers buffers, int number) {
    return number < RINGS ? numbers[PAGES] + (long) number * PAGE : buffers.sending(number - RINGS);
  }

  /** Where the reference is of the page of a frame that is sent. */
  static long sending(long[] numbers, int slot) {
    return FrontEnd.reference(numbers, RINGS + slot);
  }

  /** Where that of one that comes is. */
  static long receiving(long[] numbers, int slot) {
    return sending(numbers, FrameBuffers.SENDING + slot);
  }
}
