// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;

/**
 * A domain's store and the back ends of its disk, its network interface and its console, as our own firmware meets them. The first byte: bit 0 there are further devices, bit 1 no
 * indirect segments, bit 2 the grant table can't be mapped, bit 3 no event channel can be opened, bit 4 instead of the disk there is a network interface, bit 5 only a console.
 * Then what {@link OddStore}, {@link OddBackEnd}, {@link OddSwitch} and {@link OddTerminal} take.
 */
final class EfiXenAttack implements Attack {
  private static final EfiGuid ERASE_BLOCK = EfiGuid.of("95a9a93e-a86e-4926-aaef-9918e772d987");
  private static final int FRAMES = 4;
  private static final int PAGE = 4096;
  private static final int FIRST_PORT = 40;
  private static final long INVALID = -22;
  private static final int FIRST_REFERENCE = 8;
  private static final int REFERENCES = FRAMES * PAGE / 8;
  private static final int CONSOLE_PORT = 2;

  private final Set<Long> mapped = new TreeSet<>();
  private final Set<Long> ports = new TreeSet<>();
  private EfiLayers layers;
  private EfiRam memory;
  private OddStore store;
  private OddBackEnd back;
  private OddSwitch network;
  private OddTerminal terminal;
  private long ring;
  private int how;

  @Override
  public String word() {
    return "efixen";
  }

  @Override
  public String says() {
    return "a XenStore that answers our own firmware's messages with anything, and back ends that write anything into the"
        + " rings of its PV disk, network interface and console";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.boot.kit.**", "org.xenolith.efi.xenbus.**", "org.xenolith.efi.xenpvblk.**",
        "org.xenolith.efi.xenpvnet.**", "org.xenolith.efi.xenconsole.**");
  }

  @Override
  public void fresh() {
    // Firmware is made anew for each input.
  }

  @Override
  public List<String> execute(byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    how = input.next();
    mapped.clear();
    ports.clear();
    layers = new EfiLayers(hypervisor(), "efi.xenbus", "efi.xenpvblk", "efi.xenpvnet", "efi.xenconsole");
    FakeFirmware firmware = layers.firmware();
    memory = firmware.memory();
    ring = firmware.room(PAGE);
    long grants = firmware.room(FRAMES * PAGE);
    store = new OddStore(memory, ring, input, () -> {
      back.follow();
      network.follow();
    });
    GrantedPages granted = new GrantedPages(memory, grants, store);
    back = new OddBackEnd(memory, granted, input);
    network = new OddSwitch(memory, granted, input);
    terminal = new OddTerminal(layers, input);
    nodes();
    firmware.registers(this::hypercall);
    long xenio = firmware.room(8);
    memory.put64(xenio, grants);
    long controller = layers.handle(Protocol.XEN_IO, xenio);
    layers.begin();
    if ((how & 32) != 0) {
      console();
    } else if (layers.connect("efi.xenbus", controller)) {
      List<Long> children = firmware.handles().handles(Protocol.XEN_BUS);
      for (long child : children.subList(0, Math.min(3, children.size()))) {
        use(child);
      }
      layers.disconnect("efi.xenbus", controller, children);
    }
    layers.end();
    layers.expect(mapped.isEmpty() && ports.isEmpty(), "mapped " + mapped + ", ports " + ports + " are left");
    for (int i = FIRST_REFERENCE; i < REFERENCES; i++) {
      layers.expect(memory.get16(grants + 8L * i) == 0, "grant " + i + " is left");
    }
    return layers.wrong();
  }

  /** The tree of a domain, whose node leads to the console. */
  private static Fdt hypervisor() {
    FdtNode node = new FdtNode("hypervisor", List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", "xen,xen"))
        .withProperty(FdtProperty.ofU64("reg", 0x3800_0000L, 0x100_0000L));
    return Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty
        .ofCells("#size-cells", 2)).withChild(node));
  }

  private void console() {
    for (long handle : layers.firmware().handles().handles(Protocol.DEVICE_PATH)) {
      if (layers.connect("efi.xenconsole", handle)) {
        terminal.use(handle);
        layers.disconnect("efi.xenconsole", handle, List.of());
      }
    }
  }

  private void nodes() {
    boolean frames = (how & 16) != 0;
    String device = frames ? OddSwitch.FRONT : OddBackEnd.FRONT;
    store.nodes.put(device + "/backend", frames ? "switch" : "back");
    store.nodes.put(device + "/backend-id", "0");
    if (frames) {
      store.nodes.put(device + "/mac", "00:16:3e:00:00:01");
      store.nodes.put("switch/state", "2");
    }
    if ((how & 1) != 0) {
      store.nodes.put("device/vif/0/backend", "/local/domain/1/backend/vif/2/0");
      store.nodes.put("device/vif/0/backend-id", "1");
      store.nodes.put("device/vbd/nonsense/backend", "x");
      store.nodes.put("device/vkbd/0/backend", "/x");
    }
    store.nodes.put("back/state", "2");
    store.nodes.put("back/sectors", "4096");
    store.nodes.put("back/sector-size", "512");
    store.nodes.put("back/info", "0");
    store.nodes.put("back/feature-flush-cache", "1");
    store.nodes.put("back/feature-discard", "1");
    if ((how & 2) == 0) {
      store.nodes.put("back/feature-max-indirect-segments", "256");
    }
  }

  private void use(long child) {
    FakeFirmware firmware = layers.firmware();
    if (layers.connect("efi.xenpvblk", child)) {
      layers.blocks(child);
      long erase = firmware.handles().find(child, ERASE_BLOCK);
      if (erase != 0) {
        firmware.call(memory.get64(erase + 16), erase, 0, 8, 0, 4096);
      }
      layers.disconnect("efi.xenpvblk", child, List.of());
    }
    if (layers.connect("efi.xenpvnet", child)) {
      List<Long> cards = firmware.handles().handles(Protocol.SIMPLE_NETWORK);
      new NetworkUse(layers, network::give, network::gave).use(cards.getFirst());
      layers.disconnect("efi.xenpvnet", child, cards);
    }
    long device = firmware.handles().find(child, Protocol.XEN_BUS);
    long size = firmware.room(8);
    byte[] path = "back/info\0".getBytes(StandardCharsets.US_ASCII);
    long at = firmware.room(path.length);
    memory.write(at, path);
    for (int room : new int[] {0, 3, 300}) {
      memory.put64(size, room);
      layers.guarded(room, place -> firmware.call(memory.get64(device + XenBus.READ.offset()), device, 0, at, place, size));
    }
  }

  private long hypercall(EfiAccess access) {
    int operation = (int) access.others()[0];
    long argument = access.others()[1];
    return switch ((int) access.address()) {
      case HypercallNumber.__HYPERVISOR_hvm_op -> {
        memory.put64(argument + 8, switch ((int) memory.get32(argument + 4)) {
          case HvmParam.HVM_PARAM_STORE_PFN -> ring / PAGE;
          case HvmParam.HVM_PARAM_CONSOLE_PFN -> terminal.frame();
          case HvmParam.HVM_PARAM_CONSOLE_EVTCHN -> CONSOLE_PORT;
          default -> 1;
        });
        yield 0;
      }
      case HypercallNumber.__HYPERVISOR_memory_op -> {
        if ((how & 4) != 0) {
          yield INVALID;
        }
        boolean done = operation == MemoryOp.XENMEM_add_to_physmap ? mapped.add(memory.get64(argument + 16)) : mapped.remove(memory.get64(
            argument + 8));
        layers.expect(done, "a frame is mapped twice, or wasn't");
        yield 0;
      }
      default -> channel(operation, argument);
    };
  }

  private long channel(int operation, long argument) {
    if (operation == EventChannelOp.EVTCHNOP_alloc_unbound) {
      if ((how & 8) != 0) {
        return INVALID;
      }
      long port = FIRST_PORT;
      while (!ports.add(port)) {
        port++;
      }
      memory.put32(argument + 4, port);
      return 0;
    }
    long port = memory.get32(argument);
    if (operation == EventChannelOp.EVTCHNOP_close) {
      return ports.remove(port) ? 0 : INVALID;
    }
    if (port == 1) {
      store.event();
    } else if (port == CONSOLE_PORT) {
      terminal.event();
    } else if (ports.contains(port) && (how & 16) != 0) {
      network.event();
    } else if (ports.contains(port)) {
      back.event();
    } else {
      return INVALID;
    }
    return 0;
  }
}
