// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.HvmParam;

/** A PC with the hypervisor and all its subsystems, whose guest is a domain of two virtual CPUs beside one that is a witness: it waits, and its memory holds a secret. */
final class PvhMachine extends PcMachine {
  /** The attacker's domid. */
  static final int GUEST = 5;
  /** The witness's domid. */
  static final int WITNESS = 6;
  /** Guest physical address of the pages with the rings of console and store. */
  static final long MAGIC = 0xFEFF_C000L;
  /** Grant references of the witness: a page that the guest may read, one that it may write, and one of somebody else's. */
  static final int READ_ONLY = 8;
  private static final int WRITABLE = 9;
  private static final int FOREIGN = 10;
  private static final int PAGE = 4096;
  private static final int MOST_PAGES = 160;
  private static final byte SECRET = 0x5E;
  private static final int GTF_READONLY = 4;

  PvhMachine(PcGuest guest) {
    super(guest, PcBoard.withHypervisor(PcPlace.PROGRAMS.length));
  }

  private <T> T port(Class<T> type) {
    return machine.port(HypervisorNode.PATH, type);
  }

  private Domain domain(int id) {
    return port(DomainsPort.class).domains().byId(id);
  }

  private static void demand(boolean done) {
    if (!done) {
      throw new IllegalStateException("a guest can't be made");
    }
  }

  @Override
  void prepare() {
    machine.start(new PvhEntry(0, 0));
    run();
    Domain witness = make(WITNESS, "witness");
    make(GUEST, "guest");
    byte[] secret = new byte[PAGE];
    Arrays.fill(secret, SECRET);
    for (long page = 0; page < PcPlace.SIZE; page += PAGE) {
      witness.memory().write(page, secret, 0, PAGE);
    }
    GrantsPort grants = port(GrantsPort.class);
    grants.grant(witness, READ_ONLY, GUEST, READ_ONLY);
    grants.grant(witness, WRITABLE, GUEST, WRITABLE);
    grants.grant(witness, FOREIGN, ServiceEventsPort.DOMID, FOREIGN);
    long entry = (grants.frame(witness, 0) << 12) + 8 * READ_ONLY;
    byte[] flags = machine.peek(entry, 2);
    flags[0] |= GTF_READONLY;
    machine.load(entry, flags, 0, 2);
    demand(port(EventChannelsPort.class).allocateUnbound(witness, GUEST) > 0);
    run();
  }

  private void run() {
    machine.run(new RunLimit(machine.now() + 1_000_000, Long.MAX_VALUE));
  }

  private Domain make(int id, String name) {
    Domain domain = port(DomainsPort.class).domains().create(id, new DomainSpec(name, UUID.nameUUIDFromBytes(name.getBytes(
        StandardCharsets.UTF_8)), PcPlace.PROGRAMS.length, MOST_PAGES, DomainSpec.Kind.DOMU, 0, 256, 0));
    demand(port(P2mPort.class).populate(domain, 0, PcPlace.SIZE / PAGE) == 0);
    demand(port(P2mPort.class).populate(domain, MAGIC / PAGE, 2) == 0);
    connect(domain, GrantFlag.GNTTAB_RESERVED_CONSOLE, MAGIC, HvmParam.HVM_PARAM_CONSOLE_PFN, HvmParam.HVM_PARAM_CONSOLE_EVTCHN);
    int port = connect(domain, GrantFlag.GNTTAB_RESERVED_XENSTORE, MAGIC + PAGE, HvmParam.HVM_PARAM_STORE_PFN,
        HvmParam.HVM_PARAM_STORE_EVTCHN);
    demand(port(StorePort.class).introduce(domain, MAGIC / PAGE + 1, port) == 0);
    demand(port(StorePort.class).write("/local/domain/" + id, "") && port(StorePort.class).write("/local/domain/" + id + "/name", name));
    return domain;
  }

  private int connect(Domain domain, int reference, long page, int frameParameter, int portParameter) {
    int port = port(EventChannelsPort.class).allocateUnbound(domain, ServiceEventsPort.DOMID);
    demand(port > 0);
    port(GrantsPort.class).grant(domain, reference, ServiceEventsPort.DOMID, page / PAGE);
    domain.parameter(frameParameter, page / PAGE);
    domain.parameter(portParameter, port);
    return port;
  }

  @Override
  void place(long address, byte[] bytes) {
    domain(GUEST).memory().write(address, bytes, 0, bytes.length);
  }

  @Override
  void start(int entry) {
    domain(GUEST).vcpu(0).powerOn(entry, 0);
    domain(GUEST).unpause();
  }

  /** Also what became of the witness. */
  @Override
  List<String> faults() {
    List<String> found = new ArrayList<>(super.faults());
    Domain witness = domain(WITNESS);
    if (witness == null) {
      // Not made yet.
      return found;
    }
    byte[] page = new byte[PAGE];
    for (int number = 0; number < PcPlace.SIZE / PAGE; number++) {
      witness.memory().read((long) number * PAGE, page, 0, PAGE);
      if (number != WRITABLE && !secret(page)) {
        found.add("page " + number + " of the witness was changed");
      }
    }
    return found;
  }

  private static boolean secret(byte[] page) {
    for (byte each : page) {
      if (each != SECRET) {
        return false;
      }
    }
    return true;
  }
}
