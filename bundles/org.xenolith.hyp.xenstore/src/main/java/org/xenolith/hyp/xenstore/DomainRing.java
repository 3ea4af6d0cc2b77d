// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.PagedMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** The ring of one domain: its page in the machine, our end of its event channel. */
final class DomainRing {
  private final DeviceState state = new DeviceState();
  /** Domid. */
  final LongCell domain = state.cell("domain", 0);
  /** Machine address of the page. */
  final LongCell page = state.cell("page", 0);
  /** Port of the service domain. */
  final LongCell port = state.cell("port", 0);
  /** Grant reference by which we hold the page; 0 if by its frame. */
  final LongCell reference = state.cell("reference", 0);
  private RingTransport transport;

  DeviceState state() {
    return state;
  }

  /** Puts the ring under a connection. */
  void connect(MachineMemory memory, Connection connection) {
    transport = new RingTransport(new PagedMemory(memory, page.value), connection);
  }

  RingTransport transport() {
    return transport;
  }
}
