// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.FakeVirtioDevice.Buffer;
import org.xenolith.testkit.efi.FakeVirtioDevice.Lie;
import org.xenolith.testkit.efi.FakeVirtioDevice.Server;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;

/**
 * A virtio device that answers what the input says: its kind (a byte), features and size of queues, its configuration, then for each request how it lies, how
 * much it writes and what. A network card keeps the buffers for frames that come, and does with them what {@link #frames} reads.
 */
final class EfiVirtioAttack implements Attack {
  private static final int NETWORK = 1;
  private static final int RECEIVED = 0;
  private static final int SENT = 1;
  private static final int HEADER = 12;
  private static final int LONGEST = 5000;
  /** Bytes of a used ring. */
  private static final int RING = 6 + 8 * FakeVirtioDevice.SIZE;
  private static final int[] KINDS = {2, 4, 8, NETWORK};
  private static final int CONFIGURATION = 40;
  private static final int MOST_REQUESTS = 400;

  private EfiLayers layers;
  private FakeFirmware firmware;
  private EfiRam memory;
  private InputBytes input;
  private int requests;

  @Override
  public String word() {
    return "efivirtio";
  }

  @Override
  public String says() {
    return "a virtio disk, entropy device, SCSI host or network card with any configuration that answers our own firmware's requests with any bytes, lengths and indices";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.boot.kit.**", "org.xenolith.efi.virtioblk.**", "org.xenolith.efi.virtiorng.**",
        "org.xenolith.efi.virtioscsi.**", "org.xenolith.efi.virtionet.**", "org.xenolith.efi.scsi.**", "org.xenolith.efi.scsidisk.**");
  }

  @Override
  public void fresh() {
    // Firmware is made anew for each input.
  }

  @Override
  public List<String> execute(byte[] bytes) {
    input = new InputBytes(bytes);
    requests = 0;
    int kind = KINDS[input.next() % KINDS.length];
    layers = new EfiLayers("efi.virtioblk", "efi.virtiorng", "efi.virtioscsi", "efi.scsi", "efi.scsidisk", "efi.virtionet");
    firmware = layers.firmware();
    memory = firmware.memory();
    long features = input.next(8);
    int most = 1 << input.next() % 5;
    byte[] configuration = java.util.Arrays.copyOf(input.take(CONFIGURATION), CONFIGURATION);
    FakeVirtioDevice device = new FakeVirtioDevice(firmware, kind, configuration);
    device.features(features);
    // Queues of another size than the device's own would be a fault of the device that the attack is made of.
    device.most(most == FakeVirtioDevice.SIZE || most < 4 ? most : FakeVirtioDevice.SIZE);
    device.serve((queue, buffers) -> kind == NETWORK && queue == RECEIVED ? Server.HELD : serve(device, buffers));
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      memory.put64(call.argument(2), firmware.room(64));
      return EfiStep.done();
    });
    firmware.service(BootService.FREE_POOL, call -> EfiStep.done());
    layers.begin();
    switch (kind) {
      case 2 -> {
        if (layers.connect("efi.virtioblk", device.handle())) {
          layers.blocks(device.handle());
          layers.disconnect("efi.virtioblk", device.handle(), List.of());
        }
      }
      case 4 -> {
        if (layers.connect("efi.virtiorng", device.handle())) {
          long rng = firmware.handles().find(device.handle(), Protocol.RNG);
          layers.guarded(100, place -> firmware.call(memory.get64(rng + 8), rng, 0, 100, place));
          layers.guarded(1, place -> firmware.call(memory.get64(rng + 8), rng, 0, 1, place));
          layers.disconnect("efi.virtiorng", device.handle(), List.of());
        }
      }
      case NETWORK -> network(device);
      default -> scsi(device.handle());
    }
    layers.end();
    return layers.wrong();
  }

  private int serve(FakeVirtioDevice device, List<Buffer> buffers) {
    if (++requests > MOST_REQUESTS) {
      device.lie(Lie.ENTRY);
      return 0;
    }
    int how = input.next();
    device.lie((how & 0x70) == 0x70 ? Lie.values()[1 + (how >> 2) % 3] : Lie.NONE);
    for (Buffer buffer : buffers) {
      if (buffer.writes()) {
        byte[] said = input.take(Math.min(buffer.length(), input.next()));
        memory.write(buffer.address(), said);
      }
    }
    return (how & 0x80) != 0 ? (int) input.next(4) & 0x7FFF_FFFF : buffers.stream().filter(Buffer::writes).mapToInt(Buffer::length).sum();
  }

  private void network(FakeVirtioDevice device) {
    if (layers.connect("efi.virtionet", device.handle())) {
      List<Long> children = firmware.handles().handles(Protocol.SIMPLE_NETWORK);
      new NetworkUse(layers, () -> frames(device), size -> true).use(children.getFirst());
      layers.disconnect("efi.virtionet", device.handle(), children);
    }
  }

  /**
   * What comes between two frames of the driver's, by a byte: bits 0 to 2 below 4 a frame, whose length bit 3 lets the input say, and bit 7 how much of it was
   * written; 4 the latest one once more, 5 any byte of a used ring. Bits 4 to 6, if all are set: the device lies as it does of requests.
   */
  private void frames(FakeVirtioDevice device) {
    int how = input.next();
    device.lie((how & 0x70) == 0x70 ? Lie.values()[1 + (how & 7) % 3] : Lie.NONE);
    switch (how & 7) {
      case 4 -> {
        if (device.served(RECEIVED) > 0) {
          device.again(RECEIVED);
        }
      }
      case 5 -> {
        if (device.served(RECEIVED) > 0) {
          memory.put8(device.used((how & 8) == 0 ? RECEIVED : SENT) + input.next() % RING, input.next());
        }
      }
      case 6, 7 -> {
        // nothing has come
      }
      default -> {
        if (device.held(RECEIVED) > 0) {
          byte[] frame = new byte[HEADER + ((how & 8) != 0 ? (int) input.next(2) % LONGEST : 64)];
          byte[] said = input.take(16);
          System.arraycopy(said, 0, frame, 0, Math.min(said.length, frame.length));
          device.finish(RECEIVED, frame, (how & 0x80) != 0 ? (int) input.next(4) : frame.length);
        }
      }
    }
  }

  private void scsi(long handle) {
    if (!layers.connect("efi.virtioscsi", handle)) {
      return;
    }
    if (layers.connect("efi.scsi", handle)) {
      List<Long> units = firmware.handles().handles(Protocol.SCSI_IO);
      for (long unit : units.subList(0, Math.min(3, units.size()))) {
        if (layers.connect("efi.scsidisk", unit)) {
          layers.blocks(unit);
          layers.disconnect("efi.scsidisk", unit, List.of());
        }
      }
      layers.disconnect("efi.scsi", handle, units);
    }
    layers.disconnect("efi.virtioscsi", handle, List.of());
  }
}
