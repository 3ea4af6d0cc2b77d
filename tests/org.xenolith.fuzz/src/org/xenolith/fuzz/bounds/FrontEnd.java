// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.testkit.FakeClock;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** A back end of PV devices without a machine, with a domain in front of it. A page that is mapped is as much work as all that may be done with it. */
abstract class FrontEnd extends WorkingDevice {
  /** Units of a page that was mapped. */
  static final int MAPPED = 1 + 4096 / UNIT;

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final FakeDomain domain;
  final String front;
  final String back;
  private long maps;

  /**
   * One with a store, grants, event channels and the service domain; nothing is connected yet.
   *
   * @param device kind of the device, and its number, as in the store
   */
  FrontEnd(String name, long most, String kind, String device) {
    super(name, most);
    hypervisor.store();
    hypervisor.grants();
    hypervisor.eventChannels();
    hypervisor.service();
    domain = hypervisor.domU(3, 1);
    front = "/local/domain/" + domain.id() + "/device/" + kind + "/" + device;
    back = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/" + kind + "/" + domain.id() + "/" + device;
  }

  final void node(String path, String value) {
    hypervisor.store().write(path, value);
  }

  /** What the tools do. */
  final void plug() {
    node(back, "");
    node(front, "");
    node(back + "/frontend", front);
    node(back + "/online", "1");
    node(front + "/state", "1");
    node(back + "/state", "1");
    hypervisor.store().settle();
  }

  /** The front end's state. */
  final void state(int state) {
    node(front + "/state", Integer.toString(state));
    hypervisor.store().settle();
  }

  final void grant(int reference, int page, boolean readOnly) {
    hypervisor.grants().grant(domain, reference, ServiceEventsPort.DOMID, domain.gfn() + page, readOnly);
  }

  /** An event to the back end, which hears of it now. */
  final void event(int port) {
    hypervisor.eventChannels().send(domain, port);
    hypervisor.port(ServiceEventsPort.class).deliver();
  }

  @Override
  final long work() {
    long before = maps;
    maps = hypervisor.grants().maps();
    return memory.take() + (maps - before) * MAPPED;
  }

  @Override
  final FakeClock clock() {
    return hypervisor.clock();
  }
}
