// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.kit.FreeMemory;
import org.xenolith.command.api.BadInput;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.FirmwareRequestsPort;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDescription;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;

/** Puts our own firmware into machines whose domains may have it, and starts a machine in it: puts its program into RAM, and a kernel and its first root file system, if they are said, as modules. */
@Component(property = "service.ranking:Integer=10")
public final class FirmwareLaunch implements LaunchShaper {
  private static final long BLOCK = 2L << 20;
  private static final long PAGE = 64L << 10;

  /** Event: what the board has and its tables can't say. */
  private static final String UNTOLD = "acpi-untold";

  @Reference
  private PlatformReader reader;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile AcpiDescriber describer;

  private record Handed(Fdt tree, Optional<BoardTables> tables) implements BoardDescription {
    @Override
    public List<MemoryRange> reserved() {
      return List.of();
    }

    @Override
    public Fdt load(GuestMemory memory, DeviceTreeFacts facts) {
      return tree;
    }
  }

  @Override
  public boolean serves(LaunchRequest request) {
    TablesOption.checkFirmware(request);
    return isBoards(request) || request.has("hypervisor");
  }

  /** Whether the board itself starts with it; the domains of a hypervisor may in any case. */
  private static boolean isBoards(LaunchRequest request) {
    return request.option(XenolithKind.OPTION).contains(XenolithKind.NAME);
  }

  @Override
  public boolean startsAlone(LaunchRequest request) {
    return isBoards(request);
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    FdtNode node = new FdtNode(BootNode.PATH.substring(1), List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
        BootNode.COMPATIBLE));
    return tree.withRoot(tree.root().withChild(node));
  }

  @Override
  public Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
    if (!isBoards(request)) {
      return Optional.empty();
    }
    return Optional.of(new Handed(tree, TablesOption.isAcpi(request) ? Optional.of(tables(machine, platform, tree)) : Optional.empty()));
  }

  private BoardTables tables(Machine machine, Platform platform, Fdt tree) {
    AcpiDescriber now = describer;
    if (now == null) {
      throw new PlatformException("no installed bundle describes boards by ACPI; start with org.xenolith.firmware.acpi.topology, or boot "
          + "with " + option(TablesOption.NAME) + " " + TablesOption.TREE);
    }
    AcpiDescription description = now.describe(reader.platform(platform.name(), tree, Map.of()), AcpiDescriber.BOARD, OptionalLong.empty());
    description.untold().forEach(each -> machine.eventLog().report(UNTOLD, each.path(), each.what() + "; " + each.remedy()));
    return new BoardTables(description.tables(), AcpiDescriber.BOARD);
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
      Optional<BoardDescription> description) {
    serve(machine);
    if (!(description.orElse(null) instanceof Handed handed)) {
      return false;
    }
    List<MemoryRange> ram = platform.memory().stream().filter(bank -> bank.size() != 0).map(bank -> new MemoryRange(bank.base(), bank
        .size()))
        .toList();
    List<MemoryRange> reserved = new ArrayList<>();
    TreeMemory.reserved(handed.tree).forEach(piece -> reserved.add(new MemoryRange(piece.base(), piece.size())));
    FreeMemory free = new FreeMemory(ram, reserved);
    byte[] program = FirmwareProgram.of(Conduit.SMC).bytes();
    long entry = place(machine, free, "firmware", program, FirmwareProgram.SIZE);
    Fdt described = handed.tables.map(tables -> described(machine, free, handed.tree, tables)).orElse(handed.tree);
    Fdt tree = image.map(guest -> modules(machine, free, described, guest, request)).orElse(described);
    byte[] bytes = FdtWriter.write(tree);
    machine.start(new ArmEntry(entry, place(machine, free, "device tree", bytes, bytes.length)));
    return true;
  }

  @Override
  public boolean resume(Machine machine, Platform platform, LaunchRequest request) {
    serve(machine);
    return false;
  }

  private static void serve(Machine machine) {
    machine.port(BootNode.PATH, FirmwareRequestsPort.class).serve(machine);
  }

  private static long place(Machine machine, FreeMemory free, String what, byte[] bytes, long size) {
    long base = find(free, what, size);
    machine.load(base, bytes, 0, bytes.length);
    return base;
  }

  private static long find(FreeMemory free, String what, long size) {
    long base = free.find(size, BLOCK, 0, Long.MAX_VALUE).orElseThrow(() -> new BadInput(what + ": " + size
        + " bytes find no room in RAM; say more with " + option("memory")));
    free.take(new MemoryRange(base, size + PAGE - 1 & -PAGE));
    return base;
  }

  /** The node where modules are named. */
  private static FdtNode chosen(Fdt tree) {
    return tree.node("/chosen").orElseGet(() -> new FdtNode("chosen", List.of(), List.of())).withProperty(FdtProperty.ofCells(
        "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2));
  }

  /** Puts tables into RAM and has the tree say where. */
  private static Fdt described(Machine machine, FreeMemory free, Fdt tree, BoardTables tables) {
    long base = find(free, "ACPI tables", tables.length());
    byte[] bytes = tables.at(base);
    machine.load(base, bytes, 0, bytes.length);
    return tree.withRoot(tree.root().withChild(chosen(tree).withChild(tables.node(base))));
  }

  private static Fdt modules(Machine machine, FreeMemory free, Fdt tree, GuestImage guest, LaunchRequest request) {
    FdtNode chosen = chosen(tree);
    String line = (guest.commandLine() + " " + request.text("append").orElse("")).strip();
    chosen = chosen.withChild(module(machine, free, "kernel", guest.kernel()).withProperty(FdtProperty.ofStrings("bootargs", line)));
    if (guest.initrd().isPresent()) {
      chosen = chosen.withChild(module(machine, free, "ramdisk", guest.initrd().get()));
    }
    return tree.withRoot(tree.root().withChild(chosen));
  }

  private static FdtNode module(Machine machine, FreeMemory free, String kind, byte[] bytes) {
    long base = place(machine, free, kind, bytes, bytes.length);
    return new FdtNode("module@" + Long.toHexString(base), List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
        "multiboot,"
            + kind, "multiboot,module")).withProperty(FdtProperty.ofU64("reg", base, bytes.length));
  }
}
