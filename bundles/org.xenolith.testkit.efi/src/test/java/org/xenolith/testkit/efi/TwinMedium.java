// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A disk in an array whose protocol keeps its contract, or has a defect. */
final class TwinMedium implements BlockIoContract.Medium {
  /** What is wrong with it. */
  enum Defect {
    NONE, TOO_FEW_BLOCKS, NO_MEDIUM_THERE, READS_TOO_MUCH, READS_ANOTHER_BLOCK, WRITES_TOO_MUCH, WRITES_THE_BUFFER, ANY_MEDIUM, ANY_SIZE,
    ANY_BLOCK, READS_THEN_REFUSES,
    NOTHING_IS_AN_ERROR, ANY_BUFFER, BEGINNING_AND_END_ONLY, BREAKS_AFTER_AN_ERROR, ANY_PROTOCOL, WRITES_WHAT_IS_PROTECTED, NO_FLUSH,
    BELIEVES_ITS_DESCRIPTION,
    KEEPS_PAGES
  }

  private static final int SIZE = 512;
  private static final int BLOCKS = 64;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final byte[] bytes = new byte[SIZE * BLOCKS];
  private final long protocol = firmware.room(BlockMedia.SIZE);
  private final Defect defect;
  private boolean broken;

  TwinMedium(Defect defect, boolean readOnly) {
    this.defect = defect;
    BlockMedia.write(memory, protocol, 7, SIZE, is(Defect.TOO_FEW_BLOCKS) ? BLOCKS - 1 : BLOCKS, false, readOnly);
    if (is(Defect.NO_MEDIUM_THERE)) {
      memory.put8(memory.get64(protocol + 8) + 5, 0);
    }
    memory.put64(protocol + BlockMedia.FUNCTIONS, firmware.guest(call -> EfiStep.done(self(call))));
    memory.put64(protocol + BlockMedia.READ, firmware.guest(call -> EfiStep.done(transfer(call, false))));
    memory.put64(protocol + BlockMedia.WRITE, firmware.guest(call -> EfiStep.done(transfer(call, true))));
    memory.put64(protocol + BlockMedia.FLUSH, firmware.guest(call -> EfiStep.done(is(Defect.NO_FLUSH) ? EfiStatus.UNSUPPORTED : self(
        call))));
  }

  private boolean is(Defect one) {
    return defect == one;
  }

  private EfiStatus self(Call call) {
    return call.argument(0) == protocol || is(Defect.ANY_PROTOCOL) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
  }

  private EfiStatus checked(Call call, boolean write) {
    if (self(call) != EfiStatus.SUCCESS) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long first = call.argument(2);
    long size = call.argument(3);
    if ((call.argument(1) & 0xFFFF_FFFFL) != 7 && !is(Defect.ANY_MEDIUM)) {
      return EfiStatus.MEDIA_CHANGED;
    }
    if (BlockMedia.readOnly(memory, protocol) && write && !is(Defect.WRITES_WHAT_IS_PROTECTED)) {
      return EfiStatus.WRITE_PROTECTED;
    }
    if (size == 0) {
      return is(Defect.NOTHING_IS_AN_ERROR) ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS;
    }
    long block = is(Defect.BELIEVES_ITS_DESCRIPTION) ? Math.max(1, memory.get32(memory.get64(protocol + 8) + 12)) : BlockMedia.blockSize(
        memory,
        protocol);
    if (size % block != 0) {
      return is(Defect.ANY_SIZE) ? EfiStatus.SUCCESS : EfiStatus.BAD_BUFFER_SIZE;
    }
    if (first < 0 || first >= BLOCKS || size / block > BLOCKS - first) {
      return is(Defect.ANY_BLOCK) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (is(Defect.BEGINNING_AND_END_ONLY)) {
      memory.get8(call.argument(4));
      memory.get8(call.argument(4) + size - 1);
    } else if (!is(Defect.ANY_BUFFER)) {
      firmware.requireMemory(call.argument(4), size);
    }
    return EfiStatus.SUCCESS;
  }

  private EfiStatus transfer(Call call, boolean write) {
    EfiStatus refused;
    try {
      refused = checked(call, write);
    } catch (EfiError e) {
      refused = e.status();
    }
    if (refused != EfiStatus.SUCCESS) {
      broken |= is(Defect.BREAKS_AFTER_AN_ERROR);
      if (is(Defect.KEEPS_PAGES)) {
        firmware.pages(1);
      }
      if (is(Defect.READS_THEN_REFUSES) && !write && refused == EfiStatus.MEDIA_CHANGED) {
        memory.clear(call.argument(4), SIZE);
      }
      return refused;
    }
    int size = (int) Math.min(call.argument(3), bytes.length);
    if (size == 0) {
      return EfiStatus.SUCCESS;
    }
    int at = (int) (Math.floorMod(call.argument(2), (long) BLOCKS) * SIZE);
    if (is(Defect.READS_ANOTHER_BLOCK) && at > 0) {
      at -= SIZE;
    }
    return broken ? EfiStatus.DEVICE_ERROR : write ? write(call.argument(4), at, size) : read(call.argument(4), at, size);
  }

  private EfiStatus read(long buffer, int at, int size) {
    try {
      memory.write(buffer, Arrays.copyOfRange(bytes, at, at + size + (is(Defect.READS_TOO_MUCH) ? 1 : 0)));
    } catch (EfiError e) {
      return EfiStatus.DEVICE_ERROR;
    }
    return EfiStatus.SUCCESS;
  }

  private EfiStatus write(long buffer, int at, int size) {
    byte[] now;
    try {
      now = memory.read(buffer, size);
    } catch (EfiError e) {
      return EfiStatus.DEVICE_ERROR;
    }
    System.arraycopy(now, 0, bytes, at, Math.min(size, bytes.length - at));
    if (is(Defect.WRITES_TOO_MUCH) && at + size < bytes.length) {
      bytes[at + size]++;
    }
    if (is(Defect.WRITES_THE_BUFFER)) {
      memory.put8(buffer, memory.get8(buffer) + 1L);
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
  public byte[] bytes() {
    return bytes;
  }
}
