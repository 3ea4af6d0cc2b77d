// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

/**
 * Work that a sender leaves to others, which may never be done if the frame doesn't leave the machine: bits that a frame has,
 * and that a {@link FrameSink} can take. A frame with a bit that a receiver doesn't take is completed before it gets it.
 */
public final class Offload {
  /** The checksum of TCP or UDP (over IPv4, for who takes it) isn't filled in: its field is what the sender likes. */
  public static final int CHECKSUM = 1;
  /** The checksum needn't be looked at. Only a hint: everybody may get it. */
  public static final int VALIDATED = 2;
  /** TCP over IPv4, in one frame what is to become many segments. Its checksum isn't filled in either. */
  public static final int TCP4 = 4;
  /** The same over IPv6. */
  public static final int TCP6 = 8;
  /** Of who takes frames only: {@link #CHECKSUM} over IPv6. */
  public static final int CHECKSUM6 = 16;

  private Offload() {}
}
