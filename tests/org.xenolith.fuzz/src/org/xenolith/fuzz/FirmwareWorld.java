// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.xenolith.block.api.BlockPort;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.efi.EfiMachine;
import org.xenolith.fuzz.efi.StoreDisk;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** A machine with EFI firmware, the hypervisor and a Dom0 that never executes: what is called in its name uses the end of its memory. */
final class FirmwareWorld implements AutoCloseable {
  /** Bytes of Dom0's that calls use; behind them it has nothing. */
  static final int ARENA = 64 << 10;
  private static final List<String> FAULTS = List.of("internal-fault", "hypervisor-stray", "model-removed", "model-refused",
      "change-failed");
  private static final int DOM0_MEMORY = 4 << 20;
  private static final int PAGE = 4096;
  private static final FirmwareDescription DESCRIPTION = new FirmwareDescription(2 << 16 | 100, 2 << 16 | 100, "Xenolith", 1, 0x4100_0000L,
      2,
      List.of(new FirmwareMemory(7, 0x4000_0000L, 0x1000, 8), new FirmwareMemory(6, 0x4100_0000L, 16, 1L << 63 | 8),
          new FirmwareMemory(7, 0x4101_0000L, 0xFF0, 8)));

  final Machine machine;
  final Domain dom0;
  /** First address of the arena. */
  final long arena;
  /** First address of Dom0's RAM. */
  final long ram;
  private final List<String> faults = new ArrayList<>();

  FirmwareWorld() {
    List<InstalledComponent> components = InstalledComponent.all();
    for (String role : List.of("efi", "platform", "p2m")) {
      if (components.stream().noneMatch(c -> c.properties().getOrDefault("xenolith.subsystem", List.of()).contains(role))) {
        throw new IllegalStateException("the product has no subsystem " + role + ", which is to be attacked: build it again");
      }
    }
    Fdt tree = EfiMachine.withFirmware(InstalledBoards.board("virt", components).tree(BoardRequest.of(1, 32 << 20,
        List.of("gic=2", "virtualization=on"))));
    FdtNode node = new FdtNode(HypervisorNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", HypervisorNode.COMPATIBLE));
    Map<String, Map<String, String>> options = new TreeMap<>();
    tree.node("/cpus").orElseThrow().children().forEach(c -> options.put("/cpus/" + c.name(), Map.of("el2", "true")));
    machine = PlainAssembly.build(new PlatformLoaderComponent(null).platform("virt", tree.withRoot(tree.root().withChild(node)), options),
        components, System.getProperty("xenolith.fuzz.engine", "regions"));
    machine.eventListener((kind, place, text) -> {
      if (kind.endsWith("-failed") || FAULTS.contains(kind)) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    machine.port(FirmwareNode.PATH, BlockPort.class).attach(new StoreDisk(), "store");
    DescribedFirmware firmware = () -> DESCRIPTION;
    FirmwareDescriptionPort description = machine.port(FirmwareNode.PATH, FirmwareDescriptionPort.class);
    if (!description.present()) {
      description.attach(firmware, null); // nobody has put a system table into this machine
    }
    dom0 = port(DomainBuildersPort.class).build("", 0, new DomainSpec("Domain-0", new UUID(0, 0), 1, DOM0_MEMORY >> 12,
        DomainSpec.Kind.DOM0, 16, 256, 0), new DomainImage(GuestCode.waitingKernel(2), new byte[0], "", DOM0_MEMORY,
            Map.of("disabled", machine.unmodelled().stream().filter(p -> !p.equals(HypervisorNode.PATH)).collect(Collectors.joining(
                ",")))));
    P2mPort p2m = port(P2mPort.class);
    long first = 0;
    while (p2m.type(dom0, first) != PageType.RAM) {
      first++;
    }
    long end = first;
    while (p2m.type(dom0, end) == PageType.RAM) {
      end++;
    }
    ram = first << 12;
    arena = (end << 12) - ARENA;
  }

  <T> T port(Class<T> type) {
    return machine.port(HypervisorNode.PATH, type);
  }

  byte[] arena() {
    byte[] bytes = new byte[ARENA];
    dom0.memory().read(arena, bytes, 0, ARENA);
    return bytes;
  }

  /** All of Dom0's but the arena, as a number. */
  long rest() {
    CRC32C crc = new CRC32C();
    byte[] page = new byte[PAGE];
    for (long at = ram; at < arena; at += PAGE) {
      Arrays.fill(page, (byte) 0);
      dom0.memory().read(at, page, 0, PAGE);
      crc.update(page);
    }
    return crc.getValue();
  }

  /** What went wrong inside since the last time. */
  List<String> faults() {
    List<String> found = List.copyOf(faults);
    faults.clear();
    return found;
  }

  @Override
  public void close() {
    machine.close();
  }
}
