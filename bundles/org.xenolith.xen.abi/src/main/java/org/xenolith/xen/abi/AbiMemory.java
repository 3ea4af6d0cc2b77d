// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Little-endian access to bytes that a domain and the hypervisor, or two domains, share: a page in machine memory, or
 * what was copied from a guest. Addresses count bytes from wherever the owner says. An aligned access is made in one
 * piece. What lies outside is the owner's concern; it must never throw for what a guest can choose.
 */
public interface AbiMemory {
  byte read8(long address);

  short read16(long address);

  int read32(long address);

  long read64(long address);

  void write8(long address, byte value);

  void write16(long address, short value);

  void write32(long address, int value);

  void write64(long address, long value);
}
