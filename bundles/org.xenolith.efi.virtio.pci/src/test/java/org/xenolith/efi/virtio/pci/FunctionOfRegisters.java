// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.VirtioDeviceContract.Transport;
import org.xenolith.testkit.efi.VirtioDeviceState;
import org.xenolith.testkit.efi.VirtioDeviceState.Register;

/** A function's PciIo of a test's, with the structures of Virtio 1.2, 4.1.4, or the one of 4.1.4.10. What it maps devices see elsewhere. */
final class FunctionOfRegisters implements Transport {
  private static final int KIND = 2;
  private static final int NOTIFY = 0x3000;
  private static final int DEVICE = 0x2000;
  private static final int BAR = 4;
  private static final int OLD_DEVICE = 20;
  private static final int MULTIPLIER = 4;
  private static final long ELSEWHERE = 0x10_0000_0000L;
  private static final List<Register> ADDRESSES = List.of(Register.DESCRIPTORS, Register.AVAILABLE, Register.USED);
  private static final Map<Integer, Register> MODERN = Map.of(20, Register.STATUS, 22, Register.QUEUE, 24, Register.SIZE, 28,
      Register.ENABLED);
  private static final Map<Integer, Register> OLD = Map.of(4, Register.ACCEPTED, 8, Register.PAGE, 14, Register.QUEUE, 18, Register.STATUS);

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final VirtioDeviceState device = new VirtioDeviceState();
  private final byte[] configuration = new byte[256];
  private final Set<Long> mapped = new HashSet<>();
  private final boolean legacy;
  private final long protocol;
  private boolean upperFeatures;
  private boolean upperAccepted;
  private long mappings = 0x70;

  FunctionOfRegisters(boolean legacy) {
    this.legacy = legacy;
    int id = legacy ? 0x1001 : 0x1042;
    System.arraycopy(new byte[] {(byte) 0xF4, 0x1A, (byte) id, (byte) (id >> 8)}, 0, configuration, 0, 4);
    configuration[0x2E] = KIND;
    if (!legacy) {
      configuration[0x34] = 0x40;
      capability(0x40, 0x58, 1, 0, 56);
      capability(0x58, 0x70, 2, NOTIFY, 64);
      capability(0x70, 0, 4, DEVICE, VirtioDeviceState.CONFIGURATION);
    }
    long controller = firmware.handles().install(0, Protocol.PCI_IO, pci());
    PciTransportLayer layer = new PciTransportLayer();
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, controller));
    protocol = firmware.handles().find(controller, Protocol.VIRTIO_DEVICE);
  }

  private void capability(int at, int next, int kind, int offset, int length) {
    byte[] bytes = {9, (byte) next, 20, (byte) kind, BAR, 0, 0, 0, (byte) offset, (byte) (offset >> 8), 0, 0, (byte) length, 0, 0, 0,
        MULTIPLIER, 0, 0, 0};
    System.arraycopy(bytes, 0, configuration, at, bytes.length);
  }

  private long pci() {
    long pci = firmware.room(160);
    memory.put64(pci + (legacy ? 32 : 16), firmware.guest(call -> access(call, false)));
    memory.put64(pci + (legacy ? 40 : 24), firmware.guest(call -> access(call, true)));
    memory.put64(pci + 48, firmware.guest(call -> {
      int at = (int) call.argument(2);
      memory.write(call.argument(4), java.util.Arrays.copyOfRange(configuration, at, at + (int) call.argument(3) * PciAccess.size(call
          .argument(1))));
      return EfiStep.done();
    }));
    memory.put64(pci + 72, firmware.guest(this::map));
    memory.put64(pci + 80, firmware.guest(call -> EfiStep.done(mapped.remove(call.argument(1)) ? EfiStatus.SUCCESS
        : EfiStatus.INVALID_PARAMETER)));
    memory.put64(pci + 120, firmware.guest(call -> EfiStep.done()));
    return pci;
  }

  private EfiStep map(Call call) {
    boolean wrong = call.argument(1) < 0 || call.argument(1) > 2;
    for (int i = 2; i <= 5; i++) {
      wrong |= call.argument(i) == 0;
    }
    if (wrong) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.put64(call.argument(4), seen(call.argument(2)));
    memory.put64(call.argument(5), ++mappings);
    mapped.add(mappings);
    return EfiStep.done();
  }

  /** Arguments: this, width, BAR, offset, count, buffer. */
  private EfiStep access(Call call, boolean write) {
    int size = PciAccess.size(call.argument(1));
    long at = call.argument(3);
    long end = legacy ? OLD_DEVICE + VirtioDeviceState.CONFIGURATION : 0x4000;
    assertEquals(legacy ? 0 : BAR, call.argument(2), "the BAR");
    if (at < 0 || at > end - size) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long value = write ? PciAccess.get(memory, call.argument(5), size) : 0;
    int own = (int) at - (legacy ? OLD_DEVICE : DEVICE);
    if (own >= 0 && own <= VirtioDeviceState.CONFIGURATION - size) {
      if (write) {
        device.write(own, size, value);
      }
      value = device.read(own, size);
    } else if (write) {
      set((int) at, value);
    } else {
      value = legacy ? old((int) at) : modern((int) at);
    }
    if (!write) {
      PciAccess.put(memory, call.argument(5), size, value);
    }
    return EfiStep.done();
  }

  private long old(int at) {
    return at == 0 ? device.features() & 0xFFFF_FFFFL : at == 12 ? device.most() : device.get(OLD.get(at));
  }

  /** Each queue is notified at a place of its own, and not in the order of their numbers. */
  private long modern(int at) {
    return switch (at) {
      case 4 -> device.features() >>> (upperFeatures ? 32 : 0) & 0xFFFF_FFFFL;
      case 24 -> device.most();
      case 30 -> VirtioDeviceState.QUEUES - device.get(Register.QUEUE);
      default -> device.get(MODERN.get(at));
    };
  }

  private void set(int at, long value) {
    if (legacy) {
      if (at == 16) {
        device.notify(value);
      } else {
        device.set(OLD.get(at), value);
      }
    } else if (at >= NOTIFY) {
      assertEquals(VirtioDeviceState.QUEUES - value, (at - NOTIFY) / MULTIPLIER, "where the queue is notified");
      device.notify(value);
    } else if (at >= 32) {
      device.half(ADDRESSES.get((at - 32) / 8), (at & 4) != 0, value);
    } else {
      switch (at) {
        case 0 -> upperFeatures = value == 1;
        case 8 -> upperAccepted = value == 1;
        case 12 -> device.half(Register.ACCEPTED, upperAccepted, value);
        default -> device.set(MODERN.get(at), value);
      }
    }
  }

  @Override
  public FakeFirmware firmware() {
    return firmware;
  }

  @Override
  public long protocol() {
    return protocol;
  }

  @Override
  public VirtioDeviceState device() {
    return device;
  }

  @Override
  public boolean legacy() {
    return legacy;
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public long seen(long address) {
    return address + ELSEWHERE;
  }

  @Override
  public int mapped() {
    return mapped.size();
  }
}
