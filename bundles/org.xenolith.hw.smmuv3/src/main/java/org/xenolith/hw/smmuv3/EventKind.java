// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/** The kinds of events that are recorded (IHI 0070, 7.3). */
enum EventKind {
  /** No stream table entry for the StreamID. */
  C_BAD_STREAMID(0x02, false, false),
  /** The stream table could not be read. */
  F_STE_FETCH(0x03, false, false),
  /** The stream table entry is invalid. */
  C_BAD_STE(0x04, false, false),
  /** The context descriptor could not be read. */
  F_CD_FETCH(0x09, false, false),
  /** The context descriptor is invalid. */
  C_BAD_CD(0x0A, false, false),
  /** A translation table could not be read. */
  F_WALK_EABT(0x0B, true, false),
  /** Nothing is mapped there. */
  F_TRANSLATION(0x10, true, true),
  /** A stage's output has more bits than it may have. */
  F_ADDR_SIZE(0x11, true, true),
  /** The access flag is clear. */
  F_ACCESS(0x12, true, true),
  /** The access is not permitted. */
  F_PERMISSION(0x13, true, true);

  /** The number in the record. */
  final int number;
  /** Whether the record has the access that failed: its address and attributes. */
  final boolean hasAccess;
  /** Whether CD.R or STE.S2R say if it is recorded (5.5). */
  final boolean optional;

  EventKind(int number, boolean hasAccess, boolean optional) {
    this.number = number;
    this.hasAccess = hasAccess;
    this.optional = optional;
  }
}
