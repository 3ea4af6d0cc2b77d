// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.api.BlockPort;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;

/**
 * What to boot on the board {@code virt}.
 *
 * @param guest  name of the guest's source
 * @param gic    version of the interrupt controller
 * @param cpus   number of CPUs
 * @param append added to the guest's command line
 * @param disk   raw image of the virtio disk; its content stays as it is
 * @param board  changes the board's tree
 * @param options of nodes: path to name to value
 * @param engine of the CPUs, or an empty string for the best installed
 */
public record GuestSetup(String guest, int gic, int cpus, String append, Optional<Path> disk, UnaryOperator<Fdt> board,
    Map<String, Map<String, String>> options, String engine) {
  /** The disk's transport: the highest one, as the command line chooses it. */
  public static final String DISK_NODE = "/virtio_mmio@a003e00";
  /** The UART's node. */
  public static final String UART_NODE = "/pl011@9000000";
  /** Bytes of RAM, from 1 GiB. */
  public static final long MEMORY = 256L << 20;

  /** Debian on one CPU with a GICv2. */
  public static GuestSetup debian(String append) {
    return new GuestSetup("debian", 2, 1, append, Optional.empty(), tree -> tree, Map.of(), "");
  }

  /** The same with another interrupt controller and number of CPUs. */
  public GuestSetup on(int newGic, int newCpus) {
    return new GuestSetup(guest, newGic, newCpus, append, disk, board, options, engine);
  }

  /** The same with a disk. */
  public GuestSetup with(Path image) {
    return new GuestSetup(guest, gic, cpus, append, Optional.of(image), board, options, engine);
  }

  /** The same on a changed board. */
  public GuestSetup with(UnaryOperator<Fdt> newBoard) {
    return new GuestSetup(guest, gic, cpus, append, disk, newBoard, options, engine);
  }

  /** The same with a node's option. */
  public GuestSetup with(String node, String option, String value) {
    return new GuestSetup(guest, gic, cpus, append, disk, board, Map.of(node, Map.of(option, value)), engine);
  }

  /** The same with an engine. */
  public GuestSetup executedBy(String newEngine) {
    return new GuestSetup(guest, gic, cpus, append, disk, board, options, newEngine);
  }

  /** A machine that has the guest loaded and its first CPU powered on. */
  public GuestMachine boot() {
    GuestMachine guestMachine = build();
    load(guestMachine.machine());
    return guestMachine;
  }

  /** A machine with its disk, powered off: to be restored from a snapshot. */
  public GuestMachine build() {
    InstalledProduct product = InstalledProduct.get();
    Fdt tree = board.apply(product.board("virt").tree(new BoardRequest(cpus, MEMORY, Map.of("gic", Integer.toString(gic)))));
    Platform platform = product.service(PlatformReader.class).platform("virt", tree, options);
    Machine machine = product.service(MachineBuilder.class).build(new MachineRequest(platform, engine,
        disk.isPresent() ? Map.of(DISK_NODE, "virtio:2") : Map.of()));
    WatchedDisk device = disk.map(GuestSetup::open).orElse(null);
    if (device != null) {
      machine.port(DISK_NODE, BlockPort.class).attach(device, "");
    }
    return new GuestMachine(machine, device);
  }

  private static WatchedDisk open(Path image) {
    try {
      return new WatchedDisk(InstalledProduct.get().service(BlockDeviceFactory.class).open(image, Mode.OVERLAY));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void load(Machine machine) {
    InstalledProduct product = InstalledProduct.get();
    GuestSource source = product.services(GuestSource.class).stream().filter(s -> s.name().equals(guest)).findFirst()
        .orElseThrow(() -> new IllegalStateException("no guest " + guest + " is installed"));
    GuestImage image = source.obtain(System.out::println, GuestRequest.PLAIN);
    Platform platform = machine.platform();
    List<MemoryRange> memory = platform.memory().stream().map(w -> new MemoryRange(w.base(), w.size())).toList();
    BootPlan plan = product.services(BootLoader.class).stream().filter(l -> l.recognises(image.kernel())).findFirst()
        .orElseThrow().plan(new BootRequest(image.kernel(), image.initrd(), image.commandLine() + ' ' + append, memory,
            platform.source().reservations().stream().map(r -> new MemoryRange(r.address(), r.size())).toList(),
            BootRequest.DEVICE_TREE_LIMIT));
    plan.load(machine::load, FdtWriter.write(tree(platform.source(), machine.unmodelled(), plan)));
    machine.start(plan.entry());
  }

  private static Fdt tree(Fdt board, List<String> unmodelled, BootPlan plan) {
    Fdt tree = board;
    for (String path : unmodelled) {
      tree = tree.edit(path, node -> node.withProperty(FdtProperty.ofStrings("status", "disabled")));
    }
    return tree.edit("/chosen", node -> {
      FdtNode chosen = node.withProperty(FdtProperty.ofStrings("bootargs", plan.tree().orElseThrow().facts().bootArguments()));
      MemoryRange initrd = plan.tree().orElseThrow().facts().initrd().orElse(null);
      return initrd == null ? chosen : chosen.withProperty(FdtProperty.ofU64("linux,initrd-start", initrd.base()))
          .withProperty(FdtProperty.ofU64("linux,initrd-end", initrd.end()));
    });
  }
}
