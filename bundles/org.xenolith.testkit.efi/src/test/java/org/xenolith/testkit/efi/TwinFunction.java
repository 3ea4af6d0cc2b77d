// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.TwinPciIoTest.Defect;

/** A function of the kit's own, whose registers are bytes. */
final class TwinFunction implements PciIoContract.Function {
  private static final long MEMORY = 0x8000_1000L;
  private static final long PORTS = 0x2000;
  private static final int PASS_THROUGH = 0xFF;
  private static final int ROM = 512;
  private static final long UNSIGNED = 0xFFFF_FFFFL;

  private enum Kind {
    MEMORY, PORTS, CONFIGURATION
  }

  /** Registers from a place on. */
  private record Place(byte[] bytes, long at) {}

  private final Defect defect;
  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam ram = firmware.memory();
  private final long protocol = firmware.room(160);
  private final byte[] memory = new byte[0x400];
  private final byte[] ports = new byte[0x100];
  private final byte[] configuration = new byte[4096];
  private final byte[] elsewhere = new byte[4096];
  private long accesses;
  private long misaligned;
  private boolean broken;

  TwinFunction(Defect defect, TwinPciIoResourceTest.Defect other) {
    this.defect = defect;
    put(configuration, 0x10, 4, MEMORY);
    put(configuration, 0x14, 4, PORTS | 1);
    ram.put64(protocol, firmware.guest(call -> poll(call, Kind.MEMORY)));
    ram.put64(protocol + 8, firmware.guest(call -> poll(call, defect == Defect.POLLS_MEMORY_FOR_PORTS ? Kind.MEMORY : Kind.PORTS)));
    for (Kind kind : Kind.values()) {
      ram.put64(protocol + 16 + 16 * kind.ordinal(), firmware.guest(call -> EfiStep.done(access(call, kind, false))));
      ram.put64(protocol + 24 + 16 * kind.ordinal(), firmware.guest(call -> EfiStep.done(access(call, kind, true))));
    }
    ram.put64(protocol + 64, firmware.guest(call -> EfiStep.done(copy(call))));
    ram.put64(protocol + 112, firmware.guest(call -> EfiStep.done(location(call))));
    new TwinResources(this, other).functions();
    rom();
  }

  private void rom() {
    long image = firmware.room(ROM);
    ram.put16(image, defect == Defect.ROM_OF_ZEROS ? 0 : 0xAA55);
    ram.put64(protocol + 144, defect == Defect.IMAGE_WITHOUT_SIZE ? 0 : ROM);
    ram.put64(protocol + 152, switch (defect) {
      case ROM_WITHOUT_IMAGE -> 0;
      case ROM_ELSEWHERE -> FakeRam.BASE + FakeRam.SIZE - ROM / 2;
      default -> image;
    });
  }

  private static void put(byte[] bytes, int at, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  /** Whether all of a range is memory. */
  static boolean isMemory(FakeFirmware firmware, long at, long bytes) {
    try {
      firmware.requireMemory(at, bytes);
      return true;
    } catch (EfiError e) {
      return false;
    }
  }

  /** Bytes of a BAR; null: there is none of that kind. */
  private byte[] bar(long index, Kind kind) {
    int bar = (int) index & (defect == Defect.BARS_MODULO_8 ? 7 : 0xFF);
    if (defect == Defect.EITHER_KIND && bar < 2) {
      return bar == 0 ? memory : ports;
    }
    boolean other = bar > 1 && defect == Defect.FIRST_BAR_FOR_NONE || bar == 6 && defect == Defect.BARS_MODULO_8;
    return other || bar == 0 && kind == Kind.MEMORY ? memory : bar == 1 && kind == Kind.PORTS ? ports : null;
  }

  /** Where registers are; null: nowhere. */
  private Place place(Kind kind, long index, long said, long width, long count) {
    long size = 1L << (width & 3);
    boolean fifo = (width & 12) == 4 && defect != Defect.REPEATS_NEED_ROOM;
    if (defect != Defect.COUNTS_WRAP && (count < 0 || count > Long.MAX_VALUE / size)) {
      return null;
    }
    long bytes = (fifo ? Math.min(count, 1) : count) * size;
    long offset = kind == Kind.CONFIGURATION || defect == Defect.OFFSETS_OF_32_BITS ? said & UNSIGNED : said;
    if ((offset & size - 1) != 0) {
      if (defect != Defect.MISALIGNED && defect != Defect.ROUNDS_DOWN) {
        return null;
      }
      offset &= defect == Defect.ROUNDS_DOWN ? -size : -1;
    }
    if (kind != Kind.CONFIGURATION && (index & 0xFF) == PASS_THROUGH) {
      return passed(kind, offset, bytes);
    }
    byte[] all = kind == Kind.CONFIGURATION ? configuration : bar(index, kind);
    if (all == null) {
      return null;
    }
    long end = kind == Kind.CONFIGURATION && defect == Defect.CONFIGURATION_OF_256 ? 256 : all.length;
    boolean there = switch (defect) {
      case FIRST_REGISTER_COUNTS -> offset >= 0 && offset < end;
      case OFFSETS_WRAP -> offset + bytes <= end && bytes >= 0;
      default -> offset >= 0 && bytes >= 0 && bytes <= end && offset <= end - bytes;
    };
    accesses += !there && defect == Defect.TOUCHES_THEN_REFUSES ? 1 : 0;
    return there ? new Place(all, offset) : null;
  }

  private Place passed(Kind kind, long address, long bytes) {
    byte[] all = kind == Kind.MEMORY ? memory : ports;
    long at = address - (kind == Kind.MEMORY ? MEMORY : PORTS);
    if (defect == Defect.NO_PASS_THROUGH) {
      return null;
    }
    return at >= 0 && bytes <= all.length && at <= all.length - bytes ? new Place(all, at) : defect == Defect.PASSES_ANYTHING
        ? new Place(elsewhere, 0)
        : null;
  }

  private long register(byte[] bytes, long at, int size, boolean write, long written) {
    accesses++;
    misaligned += at % size == 0 ? 0 : 1;
    if (at < 0 || at > bytes.length - size) {
      return -1;
    }
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      if (write) {
        bytes[(int) at + i] = (byte) (written >>> 8 * i);
      }
      value = value << 8 | bytes[(int) at + i] & 0xFF;
    }
    return value;
  }

  private EfiStatus access(Call call, Kind kind, boolean write) {
    int shift = kind == Kind.CONFIGURATION ? 0 : 1;
    long width = call.argument(1) & UNSIGNED;
    long count = call.argument(3 + shift);
    long buffer = call.argument(4 + shift);
    if (width >= 12) {
      return defect == Defect.ANY_WIDTH ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (buffer == 0) {
      broken = defect == Defect.BREAKS_AFTER_AN_ERROR;
      return defect == Defect.NO_BUFFER_IS_FINE ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    width &= defect == Defect.BYTES_ONLY ? 12 : defect == Defect.NO_REPETITION ? 3 : 15;
    int size = 1 << (width & 3);
    Place place = place(kind, call.argument(2), call.argument(2 + shift), width, count);
    if (place == null) {
      return EfiStatus.UNSUPPORTED;
    }
    if (broken) {
      return EfiStatus.DEVICE_ERROR;
    }
    long bytes = ((width & 12) == 8 ? Math.min(count, 1) : count) * size;
    boolean there = switch (defect) {
      case BUFFER_CHECKED_LATE -> true;
      case BUFFERS_END_UNCHECKED -> isMemory(firmware, buffer, 1);
      case LAST_BYTE_UNCHECKED -> isMemory(firmware, buffer, bytes - 1);
      case BEGINNING_AND_END_ONLY -> isMemory(firmware, buffer, 1) && isMemory(firmware, buffer + bytes - 1, 1);
      default -> isMemory(firmware, buffer, bytes);
    };
    if (count != 0 && !there) {
      return EfiStatus.INVALID_PARAMETER;
    }
    for (long i = 0; i < (defect == Defect.COUNTS_WRAP ? count * size / size : count); i++) {
      long at = place.at + ((width & 12) == 4 ? 0 : i * size);
      long inBuffer = buffer + ((width & 12) == 8 ? 0 : i * size);
      long read = register(place.bytes, at, size, write, write ? PciAccess.get(ram, inBuffer, size) : 0);
      if (!write) {
        PciAccess.put(ram, inBuffer, size, read);
      }
    }
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, width, BAR, offset, mask, value, delay, result. */
  private EfiStep poll(Call call, Kind kind) {
    long width = call.argument(1) & UNSIGNED;
    long result = call.argument(7);
    if (width > 3 && (width >= 12 || defect != Defect.POLLS_ANY_WIDTH)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long offset = defect == Defect.MISALIGNED_POLLS ? call.argument(3) & -(1L << width) : call.argument(3);
    misaligned += offset == call.argument(3) ? 0 : 1;
    Place place = place(kind, call.argument(2), offset, width & 3, 1);
    if (place == null) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (result == 0 && defect == Defect.NO_RESULT_IS_FINE) {
      return EfiStep.done();
    }
    if (!isMemory(firmware, result, 8) && defect != Defect.RESULT_CHECKED_LATE) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    int size = 1 << (width & 3);
    long value = register(place.bytes, place.at, size, false, 0);
    put(result, defect == Defect.SIGN_IN_RESULT ? value << 64 - 8 * size >> 64 - 8 * size : value);
    boolean once = call.argument(6) == 0 && defect != Defect.WANTS_A_VALUE_WITHOUT_TIME;
    if (once || (value & call.argument(4)) == call.argument(5)) {
      return EfiStep.done();
    }
    if (call.step() != 0 || defect == Defect.TIMES_OUT_AT_ONCE) {
      return EfiStep.done(defect == Defect.NEVER_TIMES_OUT ? EfiStatus.SUCCESS : EfiStatus.TIMEOUT);
    }
    return new EfiStep.Wait(1, firmware.after(call.argument(6) / 10 + 1));
  }

  private void put(long result, long value) {
    if (defect == Defect.RESULT_OF_8_BITS) {
      ram.put8(result, value);
    } else {
      ram.put64(result, value);
    }
    if (defect == Defect.RESULT_OF_128_BITS) {
      ram.put64(result + 8, 0);
    }
  }

  /** Arguments: this, width, BAR and offset of what is written, of what is read, count. */
  private EfiStatus copy(Call call) {
    long width = call.argument(1) & UNSIGNED;
    long count = call.argument(6);
    if (width > 3) {
      return defect == Defect.COPIES_ANY_WIDTH ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (defect == Defect.PASSES_NO_COPIES && (call.argument(2) == PASS_THROUGH || call.argument(4) == PASS_THROUGH)) {
      return EfiStatus.UNSUPPORTED;
    }
    boolean ports = defect == Defect.COPIES_FROM_PORTS && call.argument(4) == 1;
    misaligned += defect == Defect.MISALIGNED_COPIES && (call.argument(3) & 1) != (call.argument(5) & 1) ? 1 : 0;
    long checked = defect == Defect.COPIES_BEHIND_THE_END ? Math.min(count, 1) : count;
    Place to = place(Kind.MEMORY, call.argument(2), call.argument(3), width, checked);
    Place from = place(ports ? Kind.PORTS : Kind.MEMORY, call.argument(4), call.argument(5), width, checked);
    if (to == null || from == null) {
      return EfiStatus.UNSUPPORTED;
    }
    int size = defect == Defect.COPIES_BYTES ? 1 : 1 << width;
    boolean down = defect == Defect.COPIES_DOWNWARDS || to.at > from.at && defect != Defect.COPIES_UPWARDS;
    long last = defect == Defect.COUNTS_WRAP ? count << width >> width : Math.min(count, memory.length);
    for (long i = 0; i < last; i++) {
      long at = (down ? last - 1 - i : i) * size;
      register(to.bytes, to.at + at, size, true, register(from.bytes, from.at + at, size, false, 0));
    }
    return EfiStatus.SUCCESS;
  }

  private EfiStatus location(Call call) {
    for (int i = 0; i < 4; i++) {
      long place = call.argument(i + 1);
      boolean skipped = place == 0 ? defect == Defect.NO_LOCATION_IS_FINE
          : defect == Defect.LOCATION_ANYWHERE && !isMemory(firmware, place, 8);
      if (skipped) {
        continue;
      }
      long number = location()[defect == Defect.DEVICE_BEFORE_BUS && i > 0 && i < 3 ? 3 - i : i];
      if (defect == Defect.LOCATION_OF_8_BITS) {
        ram.put8(place, number);
      } else {
        ram.put64(place, defect == Defect.SEGMENT_0 && i == 0 ? 0 : number);
      }
      if (defect == Defect.LOCATION_OF_128_BITS) {
        ram.put64(place + 8, 0);
      }
    }
    return EfiStatus.SUCCESS;
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
  public int memoryBar() {
    return 0;
  }

  @Override
  public byte[] memory() {
    return memory;
  }

  @Override
  public int portBar() {
    return 1;
  }

  @Override
  public byte[] ports() {
    return ports;
  }

  @Override
  public int[] noBars() {
    return new int[] {2, 3, 4, 5};
  }

  @Override
  public byte[] configuration() {
    return configuration;
  }

  @Override
  public long[] location() {
    return new long[] {7, 9, 11, 2};
  }

  @Override
  public long accesses() {
    return accesses;
  }

  @Override
  public long misaligned() {
    return misaligned;
  }
}
