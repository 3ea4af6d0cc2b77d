// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeGuestStore;
import org.xenolith.testkit.efi.XenBusContract;

/** The driver's protocol keeps the contract, on a store behind a ring and a grant table in memory. */
class XenBusProtocolTest extends XenBusContract {
  private static final int REFERENCES = 2048;
  private static final int READING = 8;
  private static final int WRITING = 16;
  private static final int READ_ONLY = 4;

  private record Driven(XenBusLayerTest bench, long device) implements Bus {
    private EfiRam memory() {
      return bench.firmware.memory();
    }

    private long entry(long reference) {
      return bench.grants + 8 * reference;
    }

    @Override
    public FakeFirmware firmware() {
      return bench.firmware;
    }

    @Override
    public FakeGuestStore store() {
      return bench.store.store;
    }

    @Override
    public void fault(StoreFault now) {
      bench.store.lie = now;
    }

    @Override
    public Grant grant(long reference) {
      int flags = reference < REFERENCES ? memory().get16(entry(reference)) : 0;
      return flags == 0 ? null : new Grant(memory().get16(entry(reference) + 2), memory().get32(entry(reference) + 4), (flags
          & READ_ONLY) != 0);
    }

    @Override
    public void mapped(long reference, boolean now) {
      int flags = memory().get16(entry(reference)) & ~(READING | WRITING);
      int used = (flags & READ_ONLY) != 0 ? READING : READING | WRITING;
      memory().put16(entry(reference), now ? flags | used : flags);
    }

    @Override
    public Set<Long> ports() {
      return Set.copyOf(bench.ports);
    }

    @Override
    public long others() {
      bench.ports.add(3L);
      return 3;
    }

    @Override
    public long events(long port) {
      return bench.events.getOrDefault(port, 0L);
    }
  }

  @Override
  protected Bus bus() {
    XenBusLayerTest bench = new XenBusLayerTest();
    bench.begin();
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return new Driven(bench, bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.XEN_BUS).getFirst(),
        Protocol.XEN_BUS));
  }
}
