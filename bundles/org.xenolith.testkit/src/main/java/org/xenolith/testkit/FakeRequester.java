// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** A bus master in a test: reaches the RAM; what it writes elsewhere is a message. */
final class FakeRequester implements DmaPort {
  /** Takes messages. */
  interface Sink {
    void message(long address, int size, long value);
  }

  private final FakeMemory memory;
  private final Sink sink;

  FakeRequester(FakeMemory memory, Sink sink) {
    this.memory = memory;
    this.sink = sink;
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    memory.read(address, into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    memory.write(address, from, offset, length);
  }

  @Override
  public long read(long address, int size) {
    return memory.read(address, size);
  }

  @Override
  public void write(long address, int size, long value) {
    try {
      memory.write(address, size, value);
    } catch (ExternalAbort noRam) {
      sink.message(address, size, value);
    }
  }
}
