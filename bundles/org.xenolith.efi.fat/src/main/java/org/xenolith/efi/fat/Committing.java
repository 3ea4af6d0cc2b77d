// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.function.Consumer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** Writes a {@link WriteList}, and what FAT32 keeps about free clusters (Microsoft, FAT 1.03, 5); asks for the time that entries get. */
final class Committing {
  private static final int RUNTIME_SERVICES = 88;
  private static final int GET_TIME = 24;
  /** The first day that an entry can have: 1 January 1980. */
  private static final int FIRST_DAY = 1 << 5 | 1;
  private static final int FIRST_YEAR = 1980;
  private static final int INFO_FIELD = 48;
  private static final long LEAD = 0x4161_5252;
  private static final long STRUCTURE = 0x6141_7272;
  private static final int STRUCTURE_AT = 484;
  private static final int FREE_AT = 488;

  /** Numbers of WriteAll: the next write, where the sector about free clusters is read to. */
  private enum Slot {
    INDEX, ROOM
  }

  private enum Step {
    NEXT, WRITTEN, INFO_READ, INFO_WRITTEN;

    private static final Step[] ALL = values();
  }

  private final FatLayer layer;

  Committing(FatLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(String name) {
    return name.equals("WriteAll") ? this::writeAll : null;
  }

  /** Has written what a plan puts into a list. Where the plan can't be made the pages in it are given back. */
  EfiStep commit(Call call, Enum<?> next, long system, Consumer<WriteList> plan) {
    Firmware firmware = call.firmware();
    WriteList writes = new WriteList();
    try {
      plan.accept(writes);
      return EfiStep.call(next, firmware.function(layer, "WriteAll"), system, writes.store(firmware));
    } catch (EfiError e) {
      writes.drop(firmware);
      throw e;
    }
  }

  /** Arguments: file system, list. The list's pages are given back whatever comes of it. */
  private EfiStep writeAll(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long list = call.argument(1);
    long[] numbers = layer.numbers(firmware, call.argument(0));
    Step step = call.step(Step.ALL);
    if (step != Step.NEXT && call.result() < 0) {
      WriteList.giveBack(firmware, list);
      return EfiStep.done(call.result());
    }
    if (step == Step.WRITTEN) {
      call.set(Slot.INDEX, call.get(Slot.INDEX) + 1);
    }
    if (step == Step.NEXT || step == Step.WRITTEN) {
      numbers[FatLayer.OWNER] = 0; // what was read ahead may be what is written
      numbers[FatLayer.FILLS]++;
      if (call.get(Slot.INDEX) < WriteList.size(memory, list)) {
        long[] write = WriteList.get(memory, list, call.get(Slot.INDEX));
        if (write[0] < 0 || write[0] + write[1] > numbers[FatLayer.AVAILABLE]) {
          WriteList.giveBack(firmware, list);
          return EfiStep.done(EfiStatus.VOLUME_CORRUPTED);
        }
        return disk(call, Step.WRITTEN, numbers[FatLayer.DISK], write[0], write[1], write[2]);
      }
      long sector = memory.get16(numbers[FatLayer.SECTOR] + INFO_FIELD);
      long bytes = memory.get16(numbers[FatLayer.SECTOR] + 11);
      if (WriteList.isCounted(memory, list) && layer.volume(firmware, call.argument(0)).bits() == 32 && sector != 0 && sector != 0xFFFF) {
        call.set(Slot.ROOM, call.room(Volume.SECTOR));
        return FatLayer.disk(call, Step.INFO_READ, numbers[FatLayer.DISK], sector * bytes, Volume.SECTOR, call.get(Slot.ROOM));
      }
    } else if (step == Step.INFO_READ) {
      long at = call.get(Slot.ROOM);
      if (memory.get32(at) == LEAD && memory.get32(at + STRUCTURE_AT) == STRUCTURE) {
        TableChange change = new TableChange(layer.table(firmware, call.argument(0)), numbers);
        memory.put32(at + FREE_AT, change.free());
        memory.put32(at + FREE_AT + 4, change.hint());
        long bytes = memory.get16(numbers[FatLayer.SECTOR] + 11);
        return disk(call, Step.INFO_WRITTEN, numbers[FatLayer.DISK], memory.get16(numbers[FatLayer.SECTOR] + INFO_FIELD) * bytes
            + FREE_AT, 8, at + FREE_AT);
      }
    }
    WriteList.giveBack(firmware, list);
    return EfiStep.done();
  }

  private static EfiStep disk(Call call, Enum<?> next, long disk, long offset, long size, long buffer) {
    return EfiStep.call(next, call.firmware().memory().get64(disk + 16), disk, 0, offset, size, buffer);
  }

  /** Asks the clock. @param room 16 bytes, zeros, where the time goes */
  static EfiStep askTime(Call call, Enum<?> next, long room) {
    EfiRam memory = call.firmware().memory();
    long services = memory.get64(call.firmware().systemTable() + RUNTIME_SERVICES);
    return services == 0 ? new EfiStep.Go(next) : EfiStep.call(next, memory.get64(services + GET_TIME), room, 0);
  }

  /** The time that was asked for, as entries have it: the date above; without a clock, or in a year that entries can't have, the first day there is. */
  static int time(EfiRam memory, long room) {
    return packed(memory.read(room, 16), FIRST_DAY << 16);
  }

  /** A time of EFI's as entries have it (UEFI 2.10, 8.3); another one for what they can't have. */
  static int packed(byte[] time, int otherwise) {
    int year = (time[0] & 0xFF | (time[1] & 0xFF) << 8) - FIRST_YEAR;
    if (year < 0 || year > 127 || time[2] < 1 || time[2] > 12 || time[3] < 1 || time[3] > 31 || time[4] < 0 || time[4] > 23 || time[5] < 0
        || time[5] > 59 || time[6] < 0 || time[6] > 59) {
      return otherwise;
    }
    return (year << 9 | time[2] << 5 | time[3]) << 16 | time[4] << 11 | time[5] << 5 | time[6] / 2;
  }
}
