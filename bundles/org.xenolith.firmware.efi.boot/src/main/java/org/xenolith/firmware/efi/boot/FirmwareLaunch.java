// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.kit.FreeMemory;
import org.xenolith.command.api.BadInput;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;

/** Puts our own firmware into machines whose domains may have it, and starts a machine in it: puts its program into RAM, and a kernel and its first root file system, if they are said, as modules. */
@Component(property = "service.ranking:Integer=10")
public final class FirmwareLaunch implements LaunchShaper {
  private static final long BLOCK = 2L << 20;
  private static final long PAGE = 64L << 10;

  private record Handed(Fdt tree) implements BoardDescription {
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
    return isBoards(request) || request.hypervisor();
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
    return isBoards(request) ? Optional.of(new Handed(tree)) : Optional.empty();
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
      Optional<BoardDescription> description) {
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
    Fdt tree = image.map(guest -> modules(machine, free, handed.tree, guest, request)).orElse(handed.tree);
    byte[] bytes = FdtWriter.write(tree);
    machine.start(entry, place(machine, free, "device tree", bytes, bytes.length));
    return true;
  }

  private static long place(Machine machine, FreeMemory free, String what, byte[] bytes, long size) {
    long base = free.find(size, BLOCK, 0, Long.MAX_VALUE).orElseThrow(() -> new BadInput(what + ": " + size
        + " bytes find no room in RAM; say more with " + option("memory")));
    free.take(new MemoryRange(base, size + PAGE - 1 & -PAGE));
    machine.load(base, bytes, 0, bytes.length);
    return base;
  }

  private static Fdt modules(Machine machine, FreeMemory free, Fdt tree, GuestImage guest, LaunchRequest request) {
    FdtNode chosen = tree.node("/chosen").orElseGet(() -> new FdtNode("chosen", List.of(), List.of()));
    chosen = chosen.withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2));
    String line = (guest.commandLine() + " " + request.append()).strip();
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
