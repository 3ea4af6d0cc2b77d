// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

/** What a bank shows, and what it expects next. Saved by its position. */
enum Mode {
  /** Its contents: the only one in which it is read directly. */
  ARRAY,
  /** The status register. */
  STATUS,
  /** Manufacturer, device and locks of blocks. */
  IDENTIFIER,
  /** The query table. */
  QUERY,
  /** A word to program. */
  PROGRAM,
  /** The confirmation of an erasure. */
  ERASE,
  /** What to do with a block's lock. */
  LOCK,
  /** How many words follow for the buffer. */
  COUNT,
  /** Words for the buffer. */
  BUFFER,
  /** The confirmation that the buffer is to be programmed. */
  CONFIRM
}
