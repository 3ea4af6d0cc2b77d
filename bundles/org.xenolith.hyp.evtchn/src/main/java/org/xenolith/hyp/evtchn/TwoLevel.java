// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.XenErrno;

/**
 * The 2-level ABI: a bit per port in shared_info says pending, another one masked; a bit per word of them in vcpu_info says
 * where to look.
 */
final class TwoLevel implements EventAbi {
  private final DomainPorts ports;
  private final Environment around;
  private final MachineMemory memory;

  /** @param ports of a domain that is attached */
  TwoLevel(DomainPorts ports, Environment around) {
    this.ports = ports;
    this.around = around;
    memory = around.memory();
  }

  /** The domain may come to know another one. */
  private SharedLayout layout() {
    return ports.domain().sharedLayout();
  }

  /** Bits are counted through the words, so that words of any size are told and changed as ones of 64 bits. */
  private long word(int array, int port) {
    return ports.domain().sharedInfo() + array + 8L * (port >>> 6);
  }

  private static long bit(int port) {
    return 1L << (port & 63);
  }

  private boolean test(int array, int port) {
    return port < limit() && (memory.read64(word(array, port)) & bit(port)) != 0;
  }

  @Override
  public int limit() {
    return layout().ports();
  }

  @Override
  public void raise(int port) {
    if (port >= limit() || test(layout().pending(), port)) {
      return;
    }
    long word = word(layout().pending(), port);
    memory.write64(word, memory.read64(word) | bit(port));
    if (!test(layout().mask(), port)) {
      select(port);
    }
    around.waiters().signalled(ports.domain(), port);
  }

  private void select(int port) {
    Vcpu vcpu = ports.notified(port);
    if (vcpu != null && vcpu.info() != 0) {
      SharedLayout layout = layout();
      long at = vcpu.info() + layout.selector();
      if (layout.wordSize() == 8 ? selects(at, bit(port >>> 6)) : selects(at, 1 << (port >>> 5))) {
        around.upcall(vcpu);
      }
    }
  }

  private boolean selects(long at, long bit) {
    long selected = memory.read64(at);
    memory.write64(at, selected | bit);
    return (selected & bit) == 0;
  }

  private boolean selects(long at, int bit) {
    int selected = memory.read32(at);
    memory.write32(at, selected | bit);
    return (selected & bit) == 0;
  }

  @Override
  public void clear(int port) {
    if (port < limit()) {
      long word = word(layout().pending(), port);
      memory.write64(word, memory.read64(word) & ~bit(port));
    }
  }

  @Override
  public void unmask(int port) {
    if (test(layout().mask(), port)) {
      long word = word(layout().mask(), port);
      memory.write64(word, memory.read64(word) & ~bit(port));
      if (test(layout().pending(), port)) {
        select(port);
      }
    }
  }

  @Override
  public long bit(int port, boolean mask) {
    int array = mask ? layout().mask() : layout().pending();
    return port < limit() ? (ports.domain().sharedInfo() + array << 3) + port : -1;
  }

  @Override
  public boolean pending(int port) {
    return test(layout().pending(), port);
  }

  @Override
  public boolean busy(int port) {
    return false;
  }

  @Override
  public int priority(int port, int priority) {
    return -XenErrno.XEN_ENOSYS;
  }
}
