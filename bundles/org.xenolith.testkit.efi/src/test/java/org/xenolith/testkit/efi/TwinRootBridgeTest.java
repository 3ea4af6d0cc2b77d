// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** A root bridge of the kit's with hooks before its functions; without any it keeps the contract. */
class TwinRootBridgeTest extends PciRootBridgeIoContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, BYTES_ONLY, NO_REPETITION, ANY_PLACE, ANY_WIDTH, ANY_BUFFER, REGISTERS_OF_8_BITS, ANY_FUNCTION, NEVER_TIMES_OUT,
    POLLS_FOR_NOBODY, COPIES_UPWARDS, MAPS_ANYTHING, MAPS_WHERE_NO_MEMORY_IS, MAPS_ACROSS_GAPS, MAPS_ELSEWHERE, UNMAP_FAILS,
    UNMAPS_ANYTHING,
    ALLOCATES_ANY_KIND, ANY_ATTRIBUTES_OF_MEMORY, FREES_AGAIN, FREES_ANY_PAGES, NO_FLUSH, HAS_WHAT_IT_DOESNT_SUPPORT, TELLS_NOBODY,
    SETS_ANY_ATTRIBUTE,
    NO_PARENT, NO_END
  }

  private static final long CONFIGURATION = 0x3000_0000L;
  private static final long BUS = 0x4000_0000L;
  private static final long CPU = 0x10_0000_0000L;
  private static final long CPU_PORTS = 0x3EFF_0000L;
  private static final int FUNCTION = 3 << 3;

  Defect defect = Defect.NONE;

  private final class Twin implements Host {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
        "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("pcie@0", List.of(), List.of())
            .withProperty(FdtProperty.ofStrings("compatible", "twin,host")).withProperty(FdtProperty.ofU64("reg", CONFIGURATION, 1L << 20))
            .withProperty(FdtProperty.ofCells("ranges", 0x0200_0000, 0, 0x4000_0000, 0x10, 0, 0, 0x400, 0x0100_0000, 0, 0x1000, 0,
                0x3EFF_0000, 0, 0x400)))));
    private final EfiRam ram = firmware.memory();
    private final byte[] memory = new byte[0x400];
    private final byte[] ports = new byte[0x400];
    private final byte[] configuration = new byte[4096];
    private final long protocol;

    Twin() {
      firmware.registers(this::access);
      TwinHostLayer layer = new TwinHostLayer();
      layer.begin(firmware);
      long handle = firmware.handles().handles(TwinHostLayer.HOST).getFirst();
      assertEquals(0, firmware.connect(layer, handle));
      protocol = firmware.handles().find(handle, Protocol.PCI_ROOT_BRIDGE_IO);
      hooks();
    }

    private long access(EfiAccess access) {
      for (long[] each : new long[][] {{CPU, 0}, {CPU_PORTS, 1}, {CONFIGURATION + (FUNCTION << 12), 2}}) {
        byte[] bytes = List.of(memory, ports, configuration).get((int) each[1]);
        long at = access.address() - each[0];
        if (at >= 0 && at <= bytes.length - access.size()) {
          return bytes(bytes, (int) at, access);
        }
      }
      return -1;
    }

    private static long bytes(byte[] bytes, int at, EfiAccess access) {
      long value = 0;
      for (int i = access.size() - 1; i >= 0; i--) {
        if (access.kind() == EfiAccess.Kind.WRITE) {
          bytes[at + i] = (byte) (access.value() >>> 8 * i);
        }
        value = value << 8 | bytes[at + i] & 0xFF;
      }
      return value;
    }

    private interface Change {
      /** Changes the arguments, or null. @param status what the function returned; 1: it is still to be called */
      EfiStatus change(long[] arguments, long status);
    }

    private void hook(int at, Change change) {
      long function = ram.get64(protocol + at);
      ram.put64(protocol + at, firmware.guest(call -> {
        long[] arguments = new long[8];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = call.argument(i);
        }
        EfiStatus status = change.change(arguments, call.step() == 0 ? 1 : call.result());
        return status != null ? EfiStep.done(status) : call.step() == 0 ? EfiStep.call(1, function, arguments)
            : EfiStep.done(call.result());
      }));
    }

    private void widths(long mask) {
      for (int at = 24; at <= 48; at += 8) {
        hook(at, (arguments, status) -> {
          arguments[1] = arguments[1] < 12 ? arguments[1] & mask : arguments[1];
          return null;
        });
      }
    }

    private void believes(int at) {
      hook(at, (arguments, status) -> status < 0 ? EfiStatus.SUCCESS : null);
    }

    private void argument(int at, int index, long value) {
      hook(at, (arguments, status) -> {
        arguments[index] = value;
        return null;
      });
    }

    private void hooks() {
      switch (defect) {
        case BYTES_ONLY -> widths(0xC);
        case NO_REPETITION -> widths(3);
        case ANY_PLACE -> hook(24, (arguments, status) -> status < 0 && arguments[1] < 12 && arguments[4] > 0x1000 ? EfiStatus.SUCCESS
            : null);
        case ANY_WIDTH -> hook(40, (arguments, status) -> arguments[1] >= 12 ? EfiStatus.SUCCESS : null);
        case ANY_BUFFER -> hook(56, (arguments, status) -> arguments[4] == 0 ? EfiStatus.SUCCESS : null);
        case REGISTERS_OF_8_BITS -> hook(56, (arguments, status) -> {
          arguments[2] = arguments[2] & 0xFFFF_FFFFL | arguments[2] >>> 32 & 0xFF;
          return null;
        });
        case ANY_FUNCTION -> hook(64, (arguments, status) -> (arguments[2] >>> 16 & 0xFF) > 31 ? EfiStatus.SUCCESS : null);
        case NEVER_TIMES_OUT -> hook(8, (arguments, status) -> status == EfiStatus.TIMEOUT.code() ? EfiStatus.SUCCESS : null);
        case POLLS_FOR_NOBODY -> hook(8, (arguments, status) -> arguments[6] == 0 ? EfiStatus.SUCCESS : null);
        case COPIES_UPWARDS -> copyUpwards(ram.get64(protocol + 72));
        case MAPS_ANYTHING -> believes(80);
        case MAPS_WHERE_NO_MEMORY_IS -> hook(80, (arguments, status) -> status < 0 && arguments[1] < 6 && arguments[2] != 0
            && arguments[3] != 0 && arguments[4] != 0 && arguments[5] != 0 ? EfiStatus.SUCCESS : null);
        case MAPS_ACROSS_GAPS -> hook(80, (arguments, status) -> status < 0 && arguments[1] < 6 && arguments[4] >= FakeRam.BASE
            && arguments[5] >= FakeRam.BASE && TwinFunction.isMemory(firmware, arguments[2], 1) && ram.get64(arguments[3]) == 4096 + 512
                ? EfiStatus.SUCCESS : null);
        case UNMAPS_ANYTHING -> believes(88);
        case MAPS_ELSEWHERE -> hook(80, (arguments, status) -> {
          if (status == 0) {
            ram.put64(arguments[4], arguments[2] + 4096);
          }
          return null;
        });
        case UNMAP_FAILS -> hook(88, (arguments, status) -> EfiStatus.INVALID_PARAMETER);
        case ALLOCATES_ANY_KIND -> argument(96, 2, 4);
        case ANY_ATTRIBUTES_OF_MEMORY -> argument(96, 5, 0);
        case FREES_AGAIN -> believes(104);
        case FREES_ANY_PAGES -> hook(104, (arguments, status) -> {
          try {
            firmware.freePages(arguments[2], arguments[1]);
            return EfiStatus.SUCCESS;
          } catch (EfiError e) {
            return null;
          }
        });
        case NO_FLUSH -> hook(112, (arguments, status) -> EfiStatus.UNSUPPORTED);
        case HAS_WHAT_IT_DOESNT_SUPPORT -> hook(120, (arguments, status) -> {
          if (status == 0 && arguments[2] != 0) {
            ram.put64(arguments[2], 0x80);
          }
          return null;
        });
        case TELLS_NOBODY -> believes(120);
        case SETS_ANY_ATTRIBUTE -> believes(128);
        case NO_PARENT -> ram.put64(protocol, 0);
        case NO_END -> {
          ram.put64(protocol + 152 + 3 * 46, 0);
        }
        case NONE -> {
        }
      }
    }

    private void copyUpwards(long function) {
      ram.put64(protocol + 72, firmware.guest(call -> upwards(call, function)));
    }

    private static EfiStep upwards(Call call, long function) {
      int done = call.step();
      return call.argument(1) > 3 || call.argument(4) < 4 || done == call.argument(4) ? call.step() == 0 ? EfiStep.call(1, function,
          call.argument(0), call.argument(1), call.argument(2), call.argument(3), call.argument(4)) : EfiStep.done(call.result())
          : EfiStep.call(done + 1, function, call.argument(0), call.argument(1), call.argument(2) + 4L * done,
              call.argument(3) + 4L * done, 1);
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
    public byte[] memory() {
      return memory;
    }

    @Override
    public long memoryAt() {
      return BUS;
    }

    @Override
    public byte[] ports() {
      return ports;
    }

    @Override
    public long portsAt() {
      return 0x1000;
    }

    @Override
    public byte[] configuration() {
      return configuration;
    }

    @Override
    public long function() {
      return 3 << 16;
    }
  }

  @Override
  protected Host host() {
    return new Twin();
  }
}
