// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

/** What kind of medium a disk's content is to the guest, where a controller can tell them apart. */
public enum Medium {
  /** A disk that stays in its drive. */
  DISK,
  /** A CD-ROM in a drive for them: read-only, in blocks of 2048 bytes, and it can be taken out. */
  CD_ROM
}
