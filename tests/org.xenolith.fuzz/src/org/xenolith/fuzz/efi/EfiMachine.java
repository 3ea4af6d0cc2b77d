// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.block.api.BlockPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** A small machine with EFI firmware, whose variables are on a disk of the attack's; no CPU executes anything. */
public final class EfiMachine implements AutoCloseable {
  private static final List<String> FAULTS = List.of("internal-fault", "model-removed", "model-refused");
  /** A reset clears it. */
  private static final int MEMORY = 64 << 10;
  private static final long RAM = 0x4000_0000L;
  private static final long RESET = 2 * Machine.RESET_NANOSECONDS;

  final VariablesPort variables;
  private final Machine machine;
  private final List<String> faults = new ArrayList<>();

  EfiMachine() {
    List<InstalledComponent> components = InstalledComponent.all();
    for (String role : List.of("variables", "clock.pl031")) {
      if (components.stream().noneMatch(c -> c.properties().getOrDefault("xenolith.firmware", List.of()).contains(role))) {
        throw new IllegalStateException("the product has no firmware part " + role + ", which is to be attacked: build it again");
      }
    }
    Fdt tree = InstalledBoards.board("virt", components).tree(BoardRequest.of(1, 32 << 20, List.of("gic=2", "virtio=1", "pcie=none")));
    String memory = tree.root().children().stream().filter(n -> n.name().startsWith("memory@")).findFirst().orElseThrow().name();
    tree = tree.edit('/' + memory, node -> node.withProperty(FdtProperty.ofU64("reg", RAM, MEMORY)));
    machine = PlainAssembly.build(new PlatformLoaderComponent(null).platform("virt", withFirmware(tree), Map.of()), components,
        System.getProperty("xenolith.fuzz.engine", "regions"));
    machine.eventListener((kind, place, text) -> {
      if (kind.endsWith("-failed") || FAULTS.contains(kind)) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    machine.onReset(() -> {});
    variables = machine.port(FirmwareNode.PATH, VariablesPort.class);
  }

  /** A board's tree with the node that stands for EFI firmware. */
  public static Fdt withFirmware(Fdt tree) {
    return tree.withRoot(tree.root().withChild(new FdtNode(FirmwareNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", FirmwareNode.COMPATIBLE))));
  }

  /** Another disk is there. */
  void attach(StoreDisk disk) {
    machine.port(FirmwareNode.PATH, BlockPort.class).attach(disk, "store");
  }

  /** The machine is reset, as by a power cycle. */
  void reset() {
    machine.port(FirmwareNode.PATH, RuntimeServicesPort.class).resetSystem(ResetType.COLD, 0, new byte[0]);
    machine.run(new RunLimit(machine.now() + RESET, machine.instructions() + 1000));
  }

  /** What went wrong inside since the last time. */
  List<String> faults() {
    List<String> found = new ArrayList<>(faults);
    faults.clear();
    if (!variables.present()) {
      found.add("the store of variables is gone");
    }
    return found;
  }

  @Override
  public void close() {
    machine.close();
  }
}
