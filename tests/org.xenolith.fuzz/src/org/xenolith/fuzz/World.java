// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/**
 * One machine with the hypervisor and all its subsystems, Dom0, and a guest that is a witness: both wait, paused, while
 * fuzzing domains come and go.
 */
final class World implements AutoCloseable {
  static final int WITNESS = 3;
  private static final int MEBIBYTE = 1 << 20;
  private static final int MEMORY = 32 * MEBIBYTE;
  private static final int DOM0_MEMORY = 4 * MEBIBYTE;
  private static final List<InstalledComponent> COMPONENTS = InstalledComponent.all();
  /** Without these no attack would hit anything; what one attacks besides it says itself ({@link GuestAttack#roles}). */
  private static final List<String> ROLES = List.of("evtchn", "grant", "iommu", "its", "p2m", "pci", "pcihost.ecam", "physdev", "queries",
      "sched", "vgic", "vpci", "vpmu", "vpsci", "vtimer", "vuart", "xenstore", "xsm");
  /** What no guest may cause, beside kinds that end in {@code -failed}. */
  private static final List<String> FAULTS = List.of("internal-fault", "hypervisor-stray", "model-removed", "store-refused",
      "change-failed");
  /** What is wrong where no device is to do as a guest says. */
  private static final String DMA = "refused-dma";

  final Machine machine;
  final Domains domains;
  final FrameHeap frames;
  final P2mPort p2m;
  final GrantsPort grants;
  final EventChannelsPort channels;
  final StorePort store;
  final RamBus bus;
  final MachineMemory memory;
  final Domain dom0;
  final Domain witness;
  /** PCI functions; null on a board without any. */
  final PciBoard pci;
  private Map<String, Long> events;
  private final List<String> faults = new ArrayList<>();

  /** @param gic version of the board's interrupt controller, 2 or 3 */
  World(int gic) {
    this(gic, false);
  }

  /** @param cards whether there are PCI functions */
  World(int gic, boolean cards) {
    demand(ROLES);
    Platform platform = platform(gic, cards);
    machine = PlainAssembly.build(platform, COMPONENTS, System.getProperty("xenolith.fuzz.engine", "regions"));
    machine.eventListener((kind, place, text) -> {
      if (bad(kind, cards)) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    domains = port(DomainsPort.class).domains();
    frames = port(FrameHeapPort.class);
    p2m = port(P2mPort.class);
    grants = port(GrantsPort.class);
    channels = port(EventChannelsPort.class);
    store = port(StorePort.class);
    bus = domains.processors().getFirst().as(Cpu.class).env.bus();
    memory = new MachineMemory(bus);
    dom0 = port(DomainBuildersPort.class).build("", 0, new DomainSpec("Domain-0", new UUID(0, 0), 1,
        DOM0_MEMORY >> 12, DomainSpec.Kind.DOM0, 16, 256, 0), new DomainImage(GuestCode.waitingKernel(gic), new byte[0], "",
            DOM0_MEMORY, Map.of("disabled", machine.unmodelled().stream().filter(p -> !p.equals(HypervisorNode.PATH))
                .collect(Collectors.joining(",")))));
    witness = GuestDomains.make(this, WITNESS, "witness", GuestCode.WAIT);
    Witness.prepare(this);
    machine.start(new ArmEntry(0, 0));
    dom0.unpause();
    witness.unpause();
    run(10_000_000, 100_000);
    pci = cards ? new PciBoard(this) : null;
    dom0.pause();
    witness.pause();
    run(1_000_000, 10_000);
    if (cards) {
      pci.begin();
    }
    if (!faults.isEmpty()) {
      throw new IllegalStateException("the machine to fuzz doesn't start: " + faults);
    }
    events = machine.events();
    if (Boolean.getBoolean("xenolith.fuzz.trace")) {
      port(HypervisorTracePort.class).listen((kind, vcpu, a, b, c) -> System.out.printf("%-12d %s %s %x %x %x%n", machine.now(), kind,
          vcpu == null ? "-" : "d" + vcpu.domain().id() + "v" + vcpu.id(), a, b, c));
    }
  }

  /** Ends it if the product lacks one of these subsystems. */
  static void demand(List<String> roles) {
    for (String role : roles) {
      if (COMPONENTS.stream().noneMatch(c -> c.properties().getOrDefault("xenolith.subsystem", List.of()).contains(role))) {
        throw new IllegalStateException("the product has no subsystem " + role + ", which is to be attacked: build it again");
      }
    }
  }

  private static Platform platform(int gic, boolean cards) {
    BoardProvider board = InstalledBoards.board("virt", COMPONENTS);
    Fdt tree = board.tree(BoardProvider.BoardRequest.of(1, MEMORY, Stream.concat(Stream.of("gic=" + gic), (cards ? PciBoard.OPTIONS : List
        .of(
            "virtualization=on")).stream()).toList()));
    if (cards) {
      tree = PciBoard.plug(tree);
    }
    FdtNode node = new FdtNode(HypervisorNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", HypervisorNode.COMPATIBLE));
    Map<String, Map<String, String>> options = new TreeMap<>();
    tree.node("/cpus").orElseThrow().children().forEach(c -> options.put("/cpus/" + c.name(), Map.of("el2", "true")));
    return new PlatformLoaderComponent(null).platform("virt", tree.withRoot(tree.root().withChild(node)), options);
  }

  <T> T port(Class<T> type) {
    return machine.port(HypervisorNode.PATH, type);
  }

  /** Executes for so long from now. */
  StopReason run(long virtualNanoseconds, long instructions) {
    return machine.run(new RunLimit(machine.now() + virtualNanoseconds, machine.instructions() + instructions));
  }

  private static boolean bad(String kind, boolean cards) {
    return kind.endsWith("-failed") || FAULTS.contains(kind) || !cards && kind.equals(DMA);
  }

  /** What went wrong inside since the last time, each with its kind. */
  List<String> faults() {
    List<String> found = new ArrayList<>(faults);
    faults.clear();
    Map<String, Long> now = machine.events();
    now.forEach((kind, count) -> {
      if (bad(kind, pci != null) && count > events.getOrDefault(kind, 0L) && found.isEmpty()) {
        found.add(kind);
      }
    });
    events = now;
    return found;
  }

  @Override
  public void close() {
    machine.close();
  }
}
