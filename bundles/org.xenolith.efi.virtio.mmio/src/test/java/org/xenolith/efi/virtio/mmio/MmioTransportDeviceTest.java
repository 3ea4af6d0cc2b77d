// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.VirtioDeviceContract;
import org.xenolith.testkit.efi.VirtioDeviceState;
import org.xenolith.testkit.efi.VirtioDeviceState.Register;

/** A transport's second version, with the registers of Virtio 1.2, 4.2.2. */
class MmioTransportDeviceTest extends VirtioDeviceContract {
  private static final long BASE = 0xA00_0000L;
  private static final int KIND = 2;
  private static final int CONFIGURATION = 0x100;
  private static final long FIRST_ADDRESS = 0x80;
  private static final long PAST_ADDRESSES = 0xA8;
  private static final List<Register> ADDRESSES = List.of(Register.DESCRIPTORS, Register.AVAILABLE, Register.USED);
  private static final Map<Long, Register> REGISTERS = Map.of(0x28L, Register.PAGE_SIZE, 0x30L, Register.QUEUE, 0x38L, Register.SIZE,
      0x3CL, Register.ALIGNMENT, 0x40L, Register.PAGE, 0x44L, Register.ENABLED, 0x70L, Register.STATUS);

  /** Version of the transport. */
  int version() {
    return 2;
  }

  private final class Window implements Transport {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
        "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("virtio_mmio@a000000", List.of(),
            List.of()).withProperty(FdtProperty.ofStrings("compatible", "virtio,mmio")).withProperty(FdtProperty.ofU64("reg", BASE,
                CONFIGURATION + VirtioDeviceState.CONFIGURATION)))));
    private final VirtioDeviceState device = new VirtioDeviceState();
    private final long protocol;
    private boolean upperFeatures;
    private boolean upperAccepted;

    Window() {
      firmware.registers(this::access);
      MmioTransportLayer layer = new MmioTransportLayer();
      layer.begin(firmware);
      long handle = firmware.handles().handles(MmioTransportLayer.TRANSPORT).getFirst();
      assertEquals(0, firmware.connect(layer, handle));
      protocol = firmware.handles().find(handle, Protocol.VIRTIO_DEVICE);
    }

    private long access(EfiAccess access) {
      long at = access.address() - BASE;
      boolean write = access.kind() == EfiAccess.Kind.WRITE;
      if (at < 0 || at > CONFIGURATION + VirtioDeviceState.CONFIGURATION - access.size()) {
        return fail("a register at 0x" + Long.toHexString(access.address()) + ", which is another device's");
      }
      if (at >= CONFIGURATION) {
        if (write) {
          device.write((int) at - CONFIGURATION, access.size(), access.value());
        }
        return device.read((int) at - CONFIGURATION, access.size());
      }
      assertEquals(4, access.size(), "registers have 32 bits (4.2.2.2)");
      if (!write) {
        return read(at);
      }
      write(at, access.value());
      return 0;
    }

    private long read(long at) {
      return switch ((int) at) {
        case 0 -> 0x7472_6976;
        case 4 -> version();
        case 8 -> KIND;
        case 0x10 -> device.features() >>> (upperFeatures ? 32 : 0) & 0xFFFF_FFFFL;
        case 0x34 -> device.most();
        default -> device.get(REGISTERS.get(at));
      };
    }

    private void write(long at, long value) {
      if (at >= FIRST_ADDRESS && at < PAST_ADDRESSES) {
        device.half(ADDRESSES.get((int) (at - FIRST_ADDRESS) / 16), (at & 4) != 0, value);
        return;
      }
      switch ((int) at) {
        case 0x14 -> upperFeatures = value == 1;
        case 0x20 -> device.half(Register.ACCEPTED, upperAccepted, value);
        case 0x24 -> upperAccepted = value == 1;
        case 0x50 -> device.notify(value);
        default -> device.set(REGISTERS.get(at), value);
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
      return version() == 1;
    }

    @Override
    public int kind() {
      return KIND;
    }
  }

  @Override
  protected Transport transport() {
    return new Window();
  }
}
