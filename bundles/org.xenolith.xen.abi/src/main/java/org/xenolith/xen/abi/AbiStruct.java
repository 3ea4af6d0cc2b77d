// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * A view of a C structure in {@link AbiMemory}. It holds no bytes and can be pointed elsewhere, so that a hot path needs
 * one object only. Fields are named as in the public header, their offsets in capitals. A field of 32 or 64 bits comes
 * as it is, so that one that is unsigned is to be read as such; a shorter one is extended as the header's type says.
 */
public abstract class AbiStruct {
  protected AbiMemory memory;
  protected long address;

  private final int size;
  private final NarrowLayout narrow;

  /** @param size bytes */
  AbiStruct(int size) {
    this(size, null);
  }

  /** @param narrow how callers with 32-bit words have it; null if it is the same to them */
  AbiStruct(int size, NarrowLayout narrow) {
    this.size = size;
    this.narrow = narrow;
  }

  /** How callers with 32-bit words have the structure; null if it is the same to them, or isn't shared with such. */
  public final NarrowLayout narrow() {
    return narrow;
  }

  /** Bytes that the structure takes, as C's operator of that name says. */
  public final int sizeOf() {
    return size;
  }

  /** Points the view at a structure that begins at that address. */
  public final void at(AbiMemory memory, long address) {
    this.memory = memory;
    this.address = address;
  }

  /** Points the view at a structure that begins at an offset of another one. */
  public final void at(AbiStruct outer, int offset) {
    at(outer.memory, outer.address + offset);
  }

  /** Makes all bytes of the structure zero. */
  public final void zero() {
    for (int i = 0; i < size; i++) {
      memory.write8(address + i, (byte) 0);
    }
  }
}
