// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The FIFO event channel words: bits of an event word and limits ({@code event_channel.h}). Names as there. */
public final class FifoEvent {
  public static final int EVTCHN_FIFO_PRIORITY_MAX = 0;
  public static final int EVTCHN_FIFO_PRIORITY_DEFAULT = 7;
  public static final int EVTCHN_FIFO_PRIORITY_MIN = 15;
  public static final int EVTCHN_FIFO_MAX_QUEUES = 16;
  public static final int EVTCHN_FIFO_LINK_BITS = 17;
  public static final int EVTCHN_FIFO_BUSY = 28;
  public static final int EVTCHN_FIFO_LINKED = 29;
  public static final int EVTCHN_FIFO_MASKED = 30;
  public static final int EVTCHN_FIFO_PENDING = 31;
  public static final int EVTCHN_FIFO_LINK_MASK = 0x1ffff;
  public static final int EVTCHN_FIFO_NR_CHANNELS = 0x20000;

  private FifoEvent() {
  }
}
