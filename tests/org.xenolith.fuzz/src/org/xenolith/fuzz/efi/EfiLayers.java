// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** The product's layers in firmware that is quick to make anew, so that what one input leaves no later one sees; and what is wrong of them. */
final class EfiLayers {
  private static final int LONG = 1 << 15;
  private static final int GUARD = 0xA5;
  private static final int GUARDED = 64;
  private static final Map<String, EfiLayer> INSTALLED = new TreeMap<>();

  private final FakeFirmware firmware;
  private final List<EfiLayer> layers = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int begun;
  private int events;

  /** @param names of layers that begin, in this order */
  EfiLayers(String... names) {
    this(Fdt.of(new FdtNode("", List.of(), List.of())), names);
  }

  /** @param tree of the machine */
  EfiLayers(Fdt tree, String... names) {
    firmware = new FakeFirmware(tree);
    if (INSTALLED.isEmpty()) {
      FakeContext context = new FakeContext(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build());
      InstalledComponent.all().stream().filter(each -> each.properties().containsKey("xenolith.efi-layer")).forEach(each -> context.create(
          each.make(DeviceModelFactory.class)));
      context.port(LayersPort.class).layers().forEach(claim -> INSTALLED.put(claim.layer().name(), claim.layer()));
    }
    for (String name : names) {
      if (!INSTALLED.containsKey(name)) {
        throw new IllegalStateException("the product has no layer " + name + ", which is to be attacked: build it again");
      }
      layers.add(INSTALLED.get(name));
    }
  }

  /** One of the product's layers. */
  static EfiLayer installed(String name) {
    return INSTALLED.get(name);
  }

  FakeFirmware firmware() {
    return firmware;
  }

  /** A handle with a protocol and a device path. */
  long handle(EfiGuid protocol, long place) {
    byte[] path = new DevicePath().bytes();
    long at = firmware.room(path.length);
    firmware.memory().write(at, path);
    long handle = firmware.handles().install(0, protocol, place);
    firmware.handles().install(handle, Protocol.DEVICE_PATH, at);
    return handle;
  }

  /** Reads and writes a disk at its ends, beyond them and in pieces; what lies beside the buffers may not change. */
  void blocks(long handle) {
    EfiRam memory = firmware.memory();
    long block = firmware.handles().find(handle, Protocol.BLOCK_IO);
    long size = BlockMedia.blockSize(memory, block);
    long last = BlockMedia.blocks(memory, block) - 1;
    expect(size >= 512 && size <= 4096 && last >= 0, "blocks of " + size + " bytes, the last one is " + last);
    for (long first : new long[] {0, last, last + 1, -1}) {
      guarded((int) size, place -> firmware.call(memory.get64(block + BlockMedia.READ), block, 0, first, size, place));
      guarded((int) size, place -> firmware.call(memory.get64(block + BlockMedia.WRITE), block, 0, first, size, place));
    }
    guarded(LONG, place -> firmware.call(memory.get64(block + BlockMedia.READ), block, 0, 0, LONG, place));
    firmware.call(memory.get64(block + BlockMedia.FLUSH), block);
  }

  /** Reads a partition at its ends: it must lie in its disk, which refuses nothing that it has. */
  void liesInside(long handle) {
    EfiRam memory = firmware.memory();
    long block = firmware.handles().find(handle, Protocol.BLOCK_IO);
    long size = BlockMedia.blockSize(memory, block);
    long last = BlockMedia.blocks(memory, block) - 1;
    for (long each : new long[] {0, last}) {
      guarded((int) size, place -> {
        long status = firmware.call(memory.get64(block + BlockMedia.READ), block, 0, each, size, place);
        expect(status == 0, "block " + each + " of a partition with " + (last + 1) + ": " + EfiStatus.of(status));
        return status;
      });
    }
  }

  /** Does something with a buffer. */
  interface Use {
    /** @param place of the buffer */
    long at(long place);
  }

  /** Does something with a buffer, around which nothing may change. */
  void guarded(int size, Use use) {
    EfiRam memory = firmware.memory();
    long at = firmware.room(size + 2 * GUARDED);
    byte[] guard = new byte[GUARDED];
    java.util.Arrays.fill(guard, (byte) GUARD);
    memory.write(at, guard);
    memory.write(at + GUARDED + size, guard);
    use.at(at + GUARDED);
    expect(java.util.Arrays.equals(guard, memory.read(at, GUARDED)) && java.util.Arrays.equals(guard, memory.read(at + GUARDED + size,
        GUARDED)), "bytes beside a buffer of " + size + " have changed");
  }

  /** All layers begin; what is allocated, and each event that is made from now on, has to be given back. */
  void begin() {
    layers.forEach(each -> each.begin(firmware));
    begun = firmware.allocated();
    events = firmware.events();
  }

  /** Connects one of the layers. @return whether it manages the controller now */
  boolean connect(String name, long controller) {
    long status = firmware.connect(INSTALLED.get(name), controller);
    expect(EfiStatus.of(status) != null, name + " returns 0x" + Long.toHexString(status));
    return status == 0;
  }

  /** Disconnects it. */
  void disconnect(String name, long controller, List<Long> children) {
    long status = firmware.disconnect(INSTALLED.get(name), controller, children.stream().mapToLong(each -> each).toArray());
    expect(status == 0, name + " doesn't stop: " + EfiStatus.of(status));
  }

  /** Everything is disconnected: nothing may be left. */
  void end() {
    expect(firmware.allocated() == begun, firmware.allocated() - begun + " pages or interfaces are left");
    expect(firmware.events() == events, firmware.events() - events + " events are left");
    expect(firmware.reports().size() < 200, firmware.reports().size() + " reports");
  }

  void expect(boolean right, String what) {
    if (!right) {
      wrong.add(what);
    }
  }

  List<String> wrong() {
    return wrong;
  }
}
