// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.machine.control.Machine;

/**
 * The drivers of a domain whose program has none: grants rings, offers ports and says so in the store, as the public headers
 * {@code io/blkif.h} and {@code io/netif.h} have it.
 */
final class FrontEnds {
  /** {@code XenbusStateConnected}. */
  static final String CONNECTED = "4";
  private static final String INITIALISED = "3";
  /** A frame of the domain's RAM behind its small program. */
  static final long FIRST_FRAME = 0x40000 + 0x900;
  /** The same on a PC. */
  static final long FIRST_PC_FRAME = 0x900;
  private static final int FIRST_REFERENCE = 8;
  private static final int SLOTS = 64;

  private final Domain domain;
  private final long frames;
  private final GrantsPort grants;
  private final EventChannelsPort events;
  private final StorePort store;
  private int pages;
  private int blockPort;
  private long blockRing;

  /** @param frames the first of those that it may use */
  FrontEnds(Machine machine, Domain domain, long frames) {
    this.domain = domain;
    this.frames = frames;
    grants = Counters.port(machine, GrantsPort.class);
    events = Counters.port(machine, EventChannelsPort.class);
    store = Counters.port(machine, StorePort.class);
  }

  private static String home(Domain domain, String device) {
    return "/local/domain/" + domain.id() + "/device/" + device;
  }

  /** State of the back end of a device such as {@code vbd/51712}. */
  String backState(String device) {
    return store.read(store.read(home(domain, device) + "/backend") + "/state");
  }

  /** Grants one more page. @return its reference */
  private int page() {
    int reference = FIRST_REFERENCE + pages;
    grants.grant(domain, reference, ServiceEventsPort.DOMID, frames + pages++);
    return reference;
  }

  private long address(int reference) {
    return frames + reference - FIRST_REFERENCE << 12;
  }

  private void ring(long address) {
    domain.memory().write32(address + 4, 1);
    domain.memory().write32(address + 12, 1);
  }

  /** Offers a ring for a disk. */
  void block(String number) {
    String home = home(domain, "vbd/" + number);
    int reference = page();
    blockRing = address(reference);
    ring(blockRing);
    blockPort = events.allocateUnbound(domain, ServiceEventsPort.DOMID);
    store.write(home + "/ring-ref", Integer.toString(reference));
    store.write(home + "/event-channel", Integer.toString(blockPort));
    store.write(home + "/protocol", "arm-abi");
    store.write(home + "/feature-persistent", "1");
    store.write(home + "/state", INITIALISED);
  }

  /** Offers rings for an interface. */
  void network(String number) {
    String home = home(domain, "vif/" + number);
    for (String ring : new String[] {"/tx-ring-ref", "/rx-ring-ref"}) {
      int reference = page();
      ring(address(reference));
      store.write(home + ring, Integer.toString(reference));
    }
    store.write(home + "/event-channel", Integer.toString(events.allocateUnbound(domain, ServiceEventsPort.DOMID)));
    store.write(home + "/request-rx-copy", "1");
    store.write(home + "/state", CONNECTED);
  }

  /** Asks for the disk's first sector. @return guest address that it goes to */
  long read() {
    int reference = page();
    int count = domain.memory().read32(blockRing);
    long slot = blockRing + SLOTS + (count & 31) * 112L;
    domain.memory().write64(slot, 1 << 8);
    domain.memory().write64(slot + 8, count);
    domain.memory().write64(slot + 16, 0);
    domain.memory().write32(slot + 24, reference);
    domain.memory().write32(slot + 28, 0);
    domain.memory().write32(blockRing, count + 1);
    events.send(domain, blockPort);
    return address(reference);
  }

  /** How many requests were answered. */
  int answered() {
    return domain.memory().read32(blockRing + 8);
  }
}
