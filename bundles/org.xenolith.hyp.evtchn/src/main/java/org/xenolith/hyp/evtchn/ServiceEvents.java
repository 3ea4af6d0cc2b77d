// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.XenErrno;

/** Events of the service domain: its ports are Java's, nothing is in memory. */
final class ServiceEvents implements EventAbi {
  private final ServiceEventsPort ports;

  ServiceEvents(ServiceEventsPort ports) {
    this.ports = ports;
  }

  @Override
  public int limit() {
    return FifoEvent.EVTCHN_FIFO_NR_CHANNELS;
  }

  @Override
  public void raise(int port) {
    ports.signal(port);
  }

  @Override
  public void clear(int port) {
    ports.forget(port);
  }

  @Override
  public void unmask(int port) {}

  @Override
  public boolean pending(int port) {
    return false;
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
