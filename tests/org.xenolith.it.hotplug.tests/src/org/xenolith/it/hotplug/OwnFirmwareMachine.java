// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.control.Machine.RunLimit;

/** A machine, or a domain of one, whose program is started by our own firmware over one way to a disk, with what a person can see of open calls. */
final class OwnFirmwareMachine implements AutoCloseable {
  private static final String DOMAIN = "own";
  private static final Pattern CALL = Pattern.compile("([a-z0-9.]+)\\.([A-Za-z_]+) step .*");
  private static final long PATIENCE = 120_000_000_000L;

  /** A way to a disk. */
  enum Way {
    /** Virtio by MMIO, with a network card, a source of entropy and a display for what has a driver. */
    MMIO(Protocol.VIRTIO_DEVICE, "efi.virtioblk"),
    /** Virtio behind a root port. */
    PCI(Protocol.PCI_ROOT_BRIDGE_IO, "efi.virtioblk"),
    /** SCSI by virtio on PCI. */
    SCSI(Protocol.PCI_ROOT_BRIDGE_IO, "efi.virtioscsi"),
    /** NVMe behind a root port. */
    NVME(Protocol.PCI_ROOT_BRIDGE_IO, "efi.nvme"),
    /** A domain's PV disk. */
    PV(Protocol.XEN_IO, "efi.xenpvblk");

    /** Of the handle from which on all drivers of the disk are connected. */
    final EfiGuid root;
    /** The layer that waits for the hardware. */
    final String leaf;

    Way(EfiGuid root, String leaf) {
      this.root = root;
      this.leaf = leaf;
    }

    /** What is to be launched. @param disk its disk; @param more whether it has further devices */
    LaunchRequest request(Path disk, boolean more) throws IOException {
      RequestBuilder board = RequestBuilder.of("virt");
      board.boardOption("gic", "3");
      if (this == PV) {
        Path config = Files.writeString(disk.resolveSibling(DOMAIN + ".cfg"), """
            name = "%s"
            firmware = "xenolith"
            memory = 96
            disk = [ '%s,raw,xvda,rw' ]
            """.formatted(DOMAIN, disk));
        return board.memory(256L << 20).noDom0(true).hypervisor(true).domUs(List.of(config)).build();
      }
      board.memory(128L << 20);
      board.option("firmware", List.of("xenolith"));
      if (more) {
        board.option("rng", List.of(""));
        board.option("display", List.of("ramfb"));
      }
      return switch (this) {
        case MMIO -> board.disks(List.of(disk.toString())).build();
        case SCSI -> board.disks(List.of(disk + ",scsi,pci=1.0/0.0")).option("pci", List.of("1.0=root-port 1.0/0.0=virtio")).build();
        default -> board.disks(List.of(disk + ",pci=1.0/0.0")).option("pci", List.of("1.0=root-port 1.0/0.0=" + (this == NVME ? "nvme"
            : "virtio"))).build();
      };
    }
  }

  private final GuestMachine guest;
  private final GuestConsole console;
  /** By beginnings of lines: where the last line of the console begins that was looked at, and how many before it begin so. */
  private final Map<String, int[]> counted = new HashMap<>();

  private OwnFirmwareMachine(GuestMachine guest, boolean domain) {
    this.guest = guest;
    console = domain ? new GuestConsole() : guest.console();
    if (domain) {
      guest.machine().port(HypervisorNode.PATH, ConsolesPort.class).follow(DOMAIN, console::accept);
    }
  }

  static OwnFirmwareMachine launch(Way way, Path disk, boolean more) throws IOException {
    return new OwnFirmwareMachine(GuestMachine.launch(way.request(disk, more)), way == Way.PV);
  }

  static OwnFirmwareMachine load(Way way, Path snapshot) {
    return new OwnFirmwareMachine(GuestMachine.launch(RequestBuilder.ofSnapshot(snapshot).build()), way == Way.PV);
  }

  /** Layers that installed bundles bring, by name with the bundle. Nobody lists them. */
  static Map<String, String> layers() {
    Map<String, String> layers = new TreeMap<>();
    try {
      for (ServiceReference<DeviceModelFactory> each : FrameworkUtil.getBundle(OwnFirmwareMachine.class).getBundleContext()
          .getServiceReferences(DeviceModelFactory.class, "(xenolith.efi-layer=*)")) {
        layers.put(each.getProperty("xenolith.efi-layer").toString(), each.getBundle().getSymbolicName());
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
    return layers;
  }

  GuestMachine guest() {
    return guest;
  }

  String text() {
    return console.text();
  }

  /** Lines of the console that begin with this. There are hundreds of thousands where a disk answers at once: each is looked at once. */
  long lines(String line) {
    String text = text();
    int[] known = counted.computeIfAbsent(line, each -> new int[2]);
    for (int end = text.indexOf('\n', known[0]); end >= 0; end = text.indexOf('\n', known[0])) {
      known[1] += text.startsWith(line, known[0]) ? 1 : 0;
      known[0] = end + 1;
    }
    return known[1] + (text.startsWith(line, known[0]) ? 1 : 0);
  }

  List<String> calls() {
    return guest.machine().port(BootNode.PATH, InspectionPort.class).answer("calls");
  }

  List<String> handles() {
    return guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh");
  }

  /** Layers that have an open call. */
  Set<String> open() {
    return calls().stream().map(CALL::matcher).filter(Matcher::matches).map(each -> each.group(1)).collect(Collectors.toCollection(
        TreeSet::new));
  }

  /** Runs to exactly this instruction. */
  void runTo(long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions(), this::tail);
  }

  void step(long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, guest.machine().instructions() + instructions));
  }

  /** Runs until the console has so many lines that begin with a text. */
  void runUntil(String line, long count) {
    long end = guest.machine().now() + PATIENCE;
    while (lines(line) < count) {
      if (guest.machine().now() >= end) {
        throw new AssertionError("no " + count + " times '" + line + "'; " + tail());
      }
      guest.runFor(20);
    }
  }

  /** Runs until something is so, looking every so many instructions; false if it isn't in a while. */
  boolean runUntil(java.util.function.BooleanSupplier is, int every, int looks) {
    for (int i = 0; i < looks; i++) {
      if (is.getAsBoolean()) {
        return true;
      }
      step(every);
    }
    return false;
  }

  String tail() {
    String text = text();
    String events = guest.events();
    return "calls " + calls() + "; console:\n" + text.substring(Math.max(0, text.length() - 500)) + "\nevents:\n" + events.substring(Math
        .max(0,
            events.length() - 2000));
  }

  @Override
  public void close() throws IOException {
    guest.close();
  }
}
