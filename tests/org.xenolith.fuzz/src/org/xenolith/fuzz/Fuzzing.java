package org.xenolith.fuzz;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.ServicePorts;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.xen.abi.SharedInfo;

/** Executes inputs, each from a domain of its own in a world that is used again while nothing is wrong with it. */
final class Fuzzing {
  /** The domid of every fuzzing domain. */
  static final int DOMID = 5;
  /** What one input is given. */
  private static final long VIRTUAL_NANOSECONDS = 20_000_000;
  private static final long INSTRUCTIONS = 50_000;
  /** More than this of the host's CPU time is a hang: inputs take milliseconds. */
  private static final long CPU_NANOSECONDS = 10_000_000_000L;

  /** Changes a byte of Dom0's after each input, so that a test sees a finding. */
  private static final boolean SABOTAGE = Boolean.getBoolean("xenolith.fuzz.sabotage");

  private final Entry entry;
  private final int gic;
  private World world;
  private Isolation isolation;

  /** @param gic version of the board's interrupt controller, 2 or 3 */
  Fuzzing(Entry entry, int gic) {
    this.entry = entry;
    this.gic = gic;
    fresh();
  }

  /** Begins with a new world. */
  void fresh() {
    if (world != null) {
      world.close();
    }
    world = new World(gic, entry.cards());
    Set<Long> canaries = Canaries.plant(world);
    // What the first guest ever brings with it for good isn't the fuzzed one's doing.
    Domain first = make();
    entry.place(world, first, new byte[0]);
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
    return path.matches("/local/domain/(" + DOMID + "|" + ServicePorts.DOMID + "/backend/[a-z]+/" + DOMID + ")(/.*)?");
  }

  private Domain make() {
    Domain guest = GuestDomains.make(world, DOMID, "guest", entry.code);
    GuestDomains.demand(Math.min(0, world.channels.bindInterdomain(guest, world.witness, 3)));
    if (world.pci != null) {
      world.pci.give(guest);
    }
    return guest;
  }

  private void destroy(Domain guest) {
    world.domains.destroy(guest);
    for (String kind : world.store.list("/local/domain/" + ServicePorts.DOMID + "/backend")) {
      world.store.remove("/local/domain/" + ServicePorts.DOMID + "/backend/" + kind + "/" + DOMID);
    }
    world.store.remove(GuestDomains.home(guest));
    entry.end(world, guest);
    if (world.pci != null) {
      world.pci.end();
    }
    world.run(1_000_000, INSTRUCTIONS);
  }

  /** Executes one input. @return what is wrong; then the world is of no more use */
  List<String> execute(byte[] input) {
    List<String> wrong = new ArrayList<>();
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      Domain guest = make();
      entry.place(world, guest, input);
      guest.unpause();
      long from = world.machine.now();
      StopReason reason = world.run(VIRTUAL_NANOSECONDS, INSTRUCTIONS);
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
      wrong.addAll(isolation.during(guest));
      if (world.pci != null) {
        wrong.addAll(world.pci.during());
        world.pci.callDom0();
        wrong.addAll(isolation.during(guest));
      }
      destroy(guest);
      wrong.addAll(isolation.after());
      if (world.pci != null) {
        wrong.addAll(world.pci.after());
      }
      wrong.addAll(world.faults());
    } catch (RuntimeException | StackOverflowError e) {
      wrong.add("exception: " + e + " at " + List.of(e.getStackTrace()).stream().limit(6).toList());
    }
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
    if (spent > CPU_NANOSECONDS) {
      wrong.add("it took " + spent / 1_000_000 + " ms of CPU time");
    }
    return wrong;
  }

  /** What of the guests that are gone is left in the subsystems. */
  List<String> left() {
    return isolation.kept();
  }

  /** Where a domain's virtual CPUs are. */
  private static String state(Domain guest) {
    return guest.vcpus().stream().map(vcpu -> "vCPU %d %s at 0x%x".formatted(vcpu.id(),
        !vcpu.online() ? "off" : vcpu.blocked() ? "waits" : "runs",
        vcpu.loaded() == null ? vcpu.context().pc() : vcpu.loaded().pc)).collect(Collectors.joining(", "));
  }
}
