// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;

/**
 * What the other domains share with the fuzzing one: from the witness one page to read and one to write, from both a port. All
 * else of their memory holds a secret.
 */
final class Witness {
  /** References in the witness's and Dom0's grant tables. */
  static final int READ_ONLY = 8;
  static final int WRITABLE = 9;
  /** Granted to somebody else. */
  static final int FOREIGN = 10;
  static final long SECRET = 0x7EC2_E75E_C2E7_B17EL;
  private static final int GTF_READONLY = 4;

  private Witness() {}

  static long page(int reference) {
    return GuestPlace.SHARED + ((long) reference << 12);
  }

  static void prepare(World world) {
    byte[] secret = new byte[4096];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (SECRET >>> 8 * (i & 7));
    }
    Domain witness = world.witness;
    for (int page = 1; page < GuestPlace.PAGES; page++) {
      witness.memory().write(GuestPlace.RAM + ((long) page << 12), secret, 0, secret.length);
    }
    byte[] shared = new byte[4096];
    Arrays.fill(shared, (byte) 0x5A);
    for (int reference : new int[] {READ_ONLY, WRITABLE}) {
      witness.memory().write(page(reference), shared, 0, shared.length);
      world.grants.grant(witness, reference, Fuzzing.DOMID, page(reference) >>> 12);
    }
    for (String kind : new String[] {"", "/vbd", "/vif"}) {
      GuestDomains.node(world, "/local/domain/" + ServiceEventsPort.DOMID + "/backend" + kind, "", "n" + ServiceEventsPort.DOMID);
    }
    // A domain's table begins when somebody first asks for it: that is no guest's doing.
    world.grants.frame(world.dom0, 0);
    world.grants.frame(world.domains.byId(ServiceEventsPort.DOMID), 0);
    world.grants.grant(witness, FOREIGN, 0, page(FOREIGN) >>> 12);
    long entry = world.grants.frame(witness, 0) << 12 | 8 * READ_ONLY;
    world.memory.write16(entry, (short) (world.memory.read16(entry) | GTF_READONLY));
    GuestDomains.demand(Math.min(0, world.channels.allocateUnbound(witness, Fuzzing.DOMID)));
    GuestDomains.demand(Math.min(0, world.channels.allocateUnbound(witness, Fuzzing.DOMID)));
    GuestDomains.demand(Math.min(0, world.channels.allocateUnbound(witness, 0)));
    GuestDomains.demand(Math.min(0, world.channels.allocateUnbound(world.dom0, Fuzzing.DOMID)));
    long kernel = ArmVcpu.of(world.dom0.vcpu(0)).context().pc() & -1 << 21;
    for (int page = 2; page < 256; page++) {
      world.dom0.memory().write(kernel + ((long) page << 12), secret, 0, secret.length);
    }
  }
}
