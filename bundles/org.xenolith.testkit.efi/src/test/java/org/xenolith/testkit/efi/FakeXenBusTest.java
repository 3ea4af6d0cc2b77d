// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** The bus that tests of front ends stand on keeps the contract as the real one does. */
class FakeXenBusTest extends XenBusContract {
  /** A back end that serves nobody. */
  private static final class Quiet extends FakeXenBus {
    final Map<Long, Long> events = new HashMap<>();
    final Set<Long> mapped = new HashSet<>();

    Quiet(FakeFirmware firmware) {
      super(firmware, "vbd", 51712);
    }

    @Override
    protected void notified() {
      // Each channel's are counted.
    }

    @Override
    protected void notified(long port) {
      events.merge(port, 1L, Long::sum);
    }

    @Override
    protected void restarted() {
      // There is nothing to begin again.
    }

    @Override
    protected boolean keeps(long reference) {
      return mapped.contains(reference);
    }
  }

  /** A bus without any defect, and its back end. */
  static final class Correct implements Bus {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final Quiet quiet = new Quiet(firmware);

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long device() {
      return quiet.device();
    }

    @Override
    public FakeGuestStore store() {
      return quiet.wholeStore();
    }

    @Override
    public void fault(StoreFault now) {
      quiet.storeFails(now.status());
    }

    @Override
    public Grant grant(long reference) {
      return quiet.grant(reference);
    }

    @Override
    public void mapped(long reference, boolean now) {
      if (now) {
        quiet.mapped.add(reference);
      } else {
        quiet.mapped.remove(reference);
      }
    }

    @Override
    public Set<Long> ports() {
      return quiet.openPorts();
    }

    @Override
    public long others() {
      return quiet.others();
    }

    @Override
    public long events(long port) {
      return quiet.events.getOrDefault(port, 0L);
    }
  }

  @Override
  protected Bus bus() {
    return new Correct();
  }
}
