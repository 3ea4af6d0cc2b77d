// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

/**
 * What packets of our traces in the Common Trace Format have before events, and events before their own fields. All is little-endian, and begins at whatever byte comes next. In this order: the
 * packet's header {@code magic}; its context {@code packet_size}, {@code content_size} (bits), {@code timestamp_begin}, {@code timestamp_end}, {@code events_discarded}; of each event the header {@code
 * id}, {@code timestamp}, and the context {@code cpu}, {@code domain}, {@code device}.
 */
final class CtfLayout {
  /** Begins each packet (CTF 1.8, 5.1; CTF 2, 6.1). */
  static final long MAGIC = 0xC1FC1FC1L;
  static final int MAGIC_BYTES = 4;
  static final int HEADER_BYTES = MAGIC_BYTES + 5 * Long.BYTES;
  static final int ID_BYTES = 2;
  static final int TIME_BYTES = Long.BYTES;
  static final int PLACE_BYTES = 4;
  /** Nanoseconds. */
  static final long HERTZ = 1_000_000_000;
  /** Name of the clock. */
  static final String CLOCK = "virtual";
  /** Prefix of the field that says how many bytes another one has. */
  static final String LENGTH = "length_of_";

  private CtfLayout() {}
}
