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
  private static final int LIMIT = 64 * 64;

  private final DomainPorts ports;
  private final Environment around;
  private final MachineMemory memory;
  private final SharedLayout layout;

  /** @param ports of a domain that is attached */
  TwoLevel(DomainPorts ports, Environment around) {
    this.ports = ports;
    this.around = around;
    memory = around.memory();
    layout = ports.domain().sharedLayout();
  }

  private long word(int array, int port) {
    return ports.domain().sharedInfo() + array + 8L * (port >>> 6);
  }

  private static long bit(int port) {
    return 1L << (port & 63);
  }

  private boolean test(int array, int port) {
    return port < LIMIT && (memory.read64(word(array, port)) & bit(port)) != 0;
  }

  @Override
  public int limit() {
    return LIMIT;
  }

  @Override
  public void raise(int port) {
    if (port >= LIMIT || test(layout.pending(), port)) {
      return;
    }
    long word = word(layout.pending(), port);
    memory.write64(word, memory.read64(word) | bit(port));
    if (!test(layout.mask(), port)) {
      select(port);
    }
    around.waiters().signalled(ports.domain(), port);
  }

  private void select(int port) {
    Vcpu vcpu = ports.notified(port);
    if (vcpu != null && vcpu.info() != 0) {
      long at = vcpu.info() + layout.selector();
      long selected = memory.read64(at);
      long bit = bit(port >>> 6);
      if ((selected & bit) == 0) {
        memory.write64(at, selected | bit);
        around.upcall(vcpu);
      }
    }
  }

  @Override
  public void clear(int port) {
    if (port < LIMIT) {
      long word = word(layout.pending(), port);
      memory.write64(word, memory.read64(word) & ~bit(port));
    }
  }

  @Override
  public void unmask(int port) {
    if (test(layout.mask(), port)) {
      long word = word(layout.mask(), port);
      memory.write64(word, memory.read64(word) & ~bit(port));
      if (test(layout.pending(), port)) {
        select(port);
      }
    }
  }

  @Override
  public boolean pending(int port) {
    return test(layout.pending(), port);
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
