// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.function.LongConsumer;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Memory as one requester reaches it through the inbound regions. */
final class InboundPort implements DmaPort {
  /** Says where a request leads to. */
  interface Translation {
    /** @return {@link InboundMap#REFUSED} if nowhere */
    long translate(long address, int length);
  }

  private final DmaPort memory;
  private final Translation translation;
  private final LongConsumer refused;

  /** @param refused is told the address of a request that leads nowhere */
  InboundPort(DmaPort memory, Translation translation, LongConsumer refused) {
    this.memory = memory;
    this.translation = translation;
    this.refused = refused;
  }

  private long at(long address, int length) {
    long target = translation.translate(address, length);
    if (target == InboundMap.REFUSED) {
      refused.accept(address);
      throw ExternalAbort.INSTANCE;
    }
    return target;
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    memory.read(at(address, length), into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    memory.write(at(address, length), from, offset, length);
  }

  @Override
  public long read(long address, int size) {
    return memory.read(at(address, size), size);
  }

  @Override
  public void write(long address, int size, long value) {
    memory.write(at(address, size), size, value);
  }
}
