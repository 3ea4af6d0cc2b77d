// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.xen.abi.SharedInfo;

/** Executes inputs, each from a domain of its own in a world that is used again while nothing is wrong with it. */
final class Fuzzing {
  /** The domid of every fuzzing domain. */
  static final int DOMID = 5;
  /** What one input is given. */
  private static final long VIRTUAL_NANOSECONDS = 20_000_000;
  static final long INSTRUCTIONS = 20_000;
  /** All is looked at after each of the first inputs, then after one of so many: what was done to the others stays so. */
  private static final int FIRST = 16;
  private static final int EACH = 64;

  /** Changes a byte of Dom0's after each input, so that a test sees a finding. */
  private static final boolean SABOTAGE = Boolean.getBoolean("xenolith.fuzz.sabotage");

  private static final Pattern OWN = Pattern.compile("/local/domain/(" + DOMID + "|" + ServiceEventsPort.DOMID + "/backend/[a-z0-9]+/"
      + DOMID
      + ")(/.*)?");

  private final GuestAttack attack;
  private final int gic;
  private World world;
  private Isolation isolation;
  /** How many the world had. */
  private int inputs;

  /** @param gic version of the board's interrupt controller, 2 or 3 */
  Fuzzing(GuestAttack attack, int gic) {
    this.attack = attack;
    this.gic = gic;
    fresh();
  }

  /** Begins with a new world. */
  void fresh() {
    inputs = 0;
    if (world != null) {
      world.close();
    }
    world = new World(gic, attack.cards());
    Set<Long> canaries = Canaries.plant(world);
    // What the first guest ever brings with it for good isn't the fuzzed one's doing.
    Domain first = make();
    attack.place(world, first, new byte[0]);
    first.unpause();
    world.run(VIRTUAL_NANOSECONDS, INSTRUCTIONS);
    destroy(first);
    if (world.pci != null) {
      world.pci.remember();
    }
    isolation = new Isolation(world, canaries);
  }

  /** Whether a path of the store is a fuzzing domain's, or about it. */
  static boolean own(String path) {
    return OWN.matcher(path).matches();
  }

  private Domain make() {
    Domain guest = GuestDomains.make(world, DOMID, "guest", attack.code());
    GuestDomains.demand(Math.min(0, world.channels.bindInterdomain(guest, world.witness, 3)));
    if (world.pci != null) {
      world.pci.give(guest);
    }
    return guest;
  }

  private void destroy(Domain guest) {
    world.domains.destroy(guest);
    for (String kind : world.store.list("/local/domain/" + ServiceEventsPort.DOMID + "/backend")) {
      world.store.remove("/local/domain/" + ServiceEventsPort.DOMID + "/backend/" + kind + "/" + DOMID);
    }
    world.store.remove(GuestDomains.home(guest));
    attack.end(world, guest);
    if (world.pci != null) {
      world.pci.end();
    }
    world.run(1_000_000, INSTRUCTIONS);
  }

  /** Executes one input. @return what is wrong; then the world is of no more use */
  List<String> execute(byte[] input) {
    List<String> wrong = new ArrayList<>();
    boolean fully = inputs++ < FIRST || inputs % EACH == 0;
    Domain guest = make();
    long instructions = attack.place(world, guest, input);
    guest.unpause();
    long from = world.machine.now();
    StopReason reason = world.run(VIRTUAL_NANOSECONDS, instructions);
    if (Boolean.getBoolean("xenolith.fuzz.trace")) {
      System.out.println(reason + " after " + (world.machine.now() - from) + " ns; " + state(guest));
    }
    if (reason != StopReason.IDLE && reason != StopReason.LIMIT) {
      wrong.add("the machine ended: " + reason);
    }
    wrong.addAll(world.faults());
    if (world.domains.byId(DOMID) != guest) {
      wrong.add("the guest is gone");
      return wrong;
    }
    if (SABOTAGE) {
      world.memory.write8(world.dom0.sharedInfo() + SharedInfo.WC_SEC, (byte) 1);
    }
    wrong.addAll(isolation.during(guest, fully));
    if (world.pci != null) {
      wrong.addAll(world.pci.during(fully));
      world.pci.callDom0();
      wrong.addAll(isolation.during(guest, fully));
    }
    destroy(guest);
    wrong.addAll(isolation.after(fully));
    if (world.pci != null) {
      wrong.addAll(world.pci.after(fully));
    }
    wrong.addAll(world.faults());
    return wrong;
  }

  /** What of the guests that are gone is left in the subsystems. */
  List<String> left() {
    List<String> wrong = isolation.kept();
    if (world.pci != null) {
      wrong.addAll(world.pci.after(true));
    }
    return wrong;
  }

  /** Where a domain's virtual CPUs are. */
  private static String state(Domain guest) {
    return guest.vcpus().stream().map(vcpu -> "vCPU %d %s at 0x%x".formatted(vcpu.id(),
        !vcpu.online() ? "off" : vcpu.blocked() ? "waits" : "runs",
        vcpu.loaded() == null ? ArmVcpu.of(vcpu).context().pc() : ArmVcpu.cpu(vcpu).pc)).collect(Collectors.joining(", "));
  }
}
