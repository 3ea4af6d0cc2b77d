// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.hyp.api.DomainMemory;

/** A domain's memory at its own (intermediate physical) addresses, where the tables of its runtime services are. */
record DomainPointers(DomainMemory memory) implements CallerMemory {
  @Override
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    return memory.read(address, bytes, 0, length) ? bytes : null;
  }

  @Override
  public boolean isWritable(long address, int length) {
    return true;
  }

  @Override
  public boolean write(long address, byte[] bytes) {
    return memory.write(address, bytes, 0, bytes.length);
  }
}
