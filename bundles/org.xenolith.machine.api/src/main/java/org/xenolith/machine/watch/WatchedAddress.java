// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.watch;

import java.util.Objects;

/**
 * Addresses that somebody wants to be told of: an instruction before it is executed, a breakpoint; or bytes that are read or written, a watchpoint.
 *
 * @param kind   what happens there
 * @param space  which addresses these are
 * @param first  the first of them
 * @param length how many bytes, at least 1; of {@link Kind#INSTRUCTION} 1: that of its first byte
 */
public record WatchedAddress(Kind kind, Space space, long first, long length) {
  /** What happens at an address. */
  public enum Kind {
    /** The instruction that begins there is executed next. */
    INSTRUCTION,
    /** It is read as data. */
    READ,
    /** It is written. */
    WRITE,
    /** It is read as data, or written. */
    ACCESS
  }

  /** Kinds of addresses. */
  public enum Space {
    /** Those that code on a CPU has, whatever its address space: virtual ones, where there are segments linear ones. Accesses of CPUs only. */
    PROCESSOR,
    /** Physical ones. Reads of CPUs, by whatever virtual address, and everybody's writes: also a device's, and those of a hypervisor in Java. */
    PHYSICAL
  }

  /** @throws IllegalArgumentException for an instruction of several bytes or at a physical address, for no bytes, or beyond the last address */
  public WatchedAddress {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(space);
    if (kind == Kind.INSTRUCTION && (length != 1 || space != Space.PROCESSOR)) {
      throw new IllegalArgumentException("an instruction is watched by the address of its first byte that its CPU has");
    }
    if (length < 1 || Long.compareUnsigned(first + length - 1, first) < 0) {
      throw new IllegalArgumentException("%d bytes at 0x%x: expected one at least, and none beyond the last address".formatted(length,
          first));
    }
  }

  /** The last of the addresses. */
  public long last() {
    return first + length - 1;
  }

  /** Whether a read, or a write, is what happens there. */
  public boolean tells(boolean write) {
    return kind == Kind.ACCESS || kind == (write ? Kind.WRITE : Kind.READ);
  }

  /** Whether one of so many bytes, at least one, from an address on is among them. */
  public boolean overlaps(long address, long size) {
    return Long.compareUnsigned(address, last()) <= 0 && Long.compareUnsigned(first, address + size - 1) <= 0;
  }
}
