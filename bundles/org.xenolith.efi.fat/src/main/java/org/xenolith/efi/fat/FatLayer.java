// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.List;
import java.util.function.Function;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DriverLayer;

/** EFI_SIMPLE_FILE_SYSTEM_PROTOCOL on FAT (UEFI 2.10, 13.4), by EFI_DISK_IO_PROTOCOL. The table is kept in memory while a volume is mounted. */
final class FatLayer extends DriverLayer {
  private static final int SIZE = 16;
  private static final long REVISION = 0x1_0000;
  private static final int PAGE = 4096;
  private static final int EXTENDED_FLAGS = 40;
  private static final int ONE_TABLE = 0x80;
  private static final long MOST_TABLE = 64 << 20;
  // Numbers of a file system: the disk's protocol, where first sector and table are, pages of the table, bytes that there are of the volume,
  // the file that what was read ahead is of (0: none), and how often the room for that was filled.
  static final int DISK = 0;
  static final int SECTOR = 1;
  static final int TABLE = 2;
  static final int PAGES = 3;
  static final int AVAILABLE = 4;
  static final int OWNER = 5;
  static final int FILLS = 6;
  // Whose volume it is, the file that was opened last, free clusters and one more (0: nobody has counted them), and where a free one is looked for.
  static final int CONTROLLER = 7;
  static final int FILES = 8;
  static final int FREE = 9;
  static final int HINT = 10;
  private static final int NUMBERS = 11;
  /** Pages for the first sector, and behind it for what is read ahead. */
  private static final int ROOM_PAGES = 1 + RangeReading.ROOM / PAGE;
  /** Number of Start: the file system. */
  private enum Slot {
    SYSTEM
  }

  private enum Starting {
    READ_SECTOR, READ_TABLE, PUBLISH
  }

  /** Number of Supported: where the first sector is read to. */
  private enum SupportedSlot {
    SECTOR
  }

  private final Files files = new Files(this);
  private final FileInformation information = new FileInformation(files);
  private final Reading reading = new Reading(this, files, information);
  private final Committing committing = new Committing(this);
  private final Opening opening = new Opening(this, files, new Creating(this, committing));
  private final Writing writing = new Writing(this, files, committing);
  private final Deleting deleting = new Deleting(this, files, committing);
  private final Describing describing = new Describing(this, files, committing, writing);

  @Override
  public String name() {
    return "efi.fat";
  }

  @Override
  public int version() {
    return 7;
  }

  @Override
  protected String title() {
    return "FAT File System Driver";
  }

  void write(Firmware firmware, long address, String... names) {
    pointers(firmware, address, names);
  }

  @Override
  public EfiGuid managed() {
    return Protocol.DISK_IO;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    EfiRam memory = call.firmware().memory();
    if (call.isAt(AskOnce.ASK)) {
      long disk = tryOpen(call, driver, controller, Protocol.DISK_IO);
      call.set(SupportedSlot.SECTOR, call.room(Volume.SECTOR));
      return disk(call, AskOnce.ANSWERED, disk, 0, Volume.SECTOR, call.get(SupportedSlot.SECTOR));
    }
    boolean is = call.result() == 0 && Volume.of(memory.read(call.get(SupportedSlot.SECTOR), Volume.SECTOR), available(call, controller))
        .isPresent();
    return EfiStep.done(is ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  private static long available(Call call, long controller) {
    long block = call.firmware().handles().find(controller, Protocol.BLOCK_IO);
    EfiRam memory = call.firmware().memory();
    return block == 0 ? 0 : BlockMedia.blocks(memory, block) * BlockMedia.blockSize(memory, block);
  }

  /** Reads bytes of the volume. */
  static EfiStep disk(Call call, Enum<?> next, long disk, long offset, long size, long buffer) {
    return EfiStep.call(next, call.firmware().memory().get64(disk + 8), disk, 0, offset, size, buffer);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    EfiRam memory = firmware.memory();
    if (call.isAt(Starting.READ_SECTOR)) {
      long disk = open(call, driver, controller, Protocol.DISK_IO);
      long system = firmware.interfaceMemory(this, SIZE, NUMBERS);
      call.set(Slot.SYSTEM, system);
      long[] numbers = firmware.numbers(this, system);
      numbers[DISK] = disk;
      numbers[CONTROLLER] = controller;
      numbers[AVAILABLE] = available(call, controller);
      numbers[SECTOR] = firmware.pages(ROOM_PAGES);
      return disk(call, Starting.READ_TABLE, disk, 0, Volume.SECTOR, numbers[SECTOR]);
    }
    long system = call.get(Slot.SYSTEM);
    long[] numbers = firmware.numbers(this, system);
    Volume volume = call.result() < 0 ? null
        : Volume.of(memory.read(numbers[SECTOR], Volume.SECTOR), numbers[AVAILABLE]).orElse(null);
    if (volume == null || volume.tableSize() > MOST_TABLE) {
      return EfiStep.done(call.result() < 0 ? EfiStatus.DEVICE_ERROR : EfiStatus.UNSUPPORTED);
    }
    if (call.isAt(Starting.READ_TABLE)) {
      numbers[PAGES] = (volume.tableSize() + PAGE - 1) / PAGE;
      numbers[TABLE] = firmware.pages(numbers[PAGES]);
      return disk(call, Starting.PUBLISH, numbers[DISK], volume.tableAt(), volume.tableSize(), numbers[TABLE]);
    }
    memory.put64(system, REVISION);
    pointers(firmware, system + 8, "OpenVolume");
    handles.install(controller, Protocol.SIMPLE_FILE_SYSTEM, system);
    return EfiStep.done();
  }

  @Override
  protected void release(Firmware firmware, long system) {
    long[] numbers = firmware.numbers(this, system);
    firmware.freePages(numbers[SECTOR], ROOM_PAGES);
    if (numbers[TABLE] != 0) {
      firmware.freePages(numbers[TABLE], numbers[PAGES]);
    }
    firmware.dropInterface(this, system);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    return leave(call, driver, controller, Protocol.DISK_IO, Protocol.SIMPLE_FILE_SYSTEM);
  }

  /** Numbers of a file system that is mounted. @throws EfiError INVALID_PARAMETER if it is none */
  long[] numbers(Firmware firmware, long system) {
    long[] numbers = firmware.numbers(this, system);
    if (numbers.length != NUMBERS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(system) + ": no file system");
    }
    return numbers;
  }

  /** Where what is read ahead lies. @param numbers the file system's */
  static long room(long[] numbers) {
    return numbers[SECTOR] + PAGE;
  }

  /** The volume of a file system. @throws EfiError INVALID_PARAMETER if it was stopped */
  Volume volume(Firmware firmware, long system) {
    byte[] sector = firmware.memory().read(numbers(firmware, system)[SECTOR], Volume.SECTOR);
    return Volume.of(sector, Long.MAX_VALUE).orElseThrow(() -> new EfiError(EfiStatus.VOLUME_CORRUPTED,
        "its first sector in memory was overwritten"));
  }

  /** A directory by its first cluster as files and paths have it, where the root is 0. */
  long directory(Firmware firmware, long system, long cluster) {
    return cluster == volume(firmware, system).rootCluster() ? 0 : cluster;
  }

  /** The table of a file system. */
  Table table(Firmware firmware, long system) {
    return new Table(firmware.memory(), numbers(firmware, system)[TABLE], volume(firmware, system));
  }

  /** Whether a file system's volume is mounted. */
  boolean isMounted(Firmware firmware, long system) {
    try {
      return firmware.numbers(this, system).length == NUMBERS;
    } catch (EfiError e) {
      return false;
    }
  }

  /** EFI_BLOCK_IO_PROTOCOL of a file system's volume; 0: none. */
  long block(Firmware firmware, long system) {
    return firmware.handles().find(numbers(firmware, system)[CONTROLLER], Protocol.BLOCK_IO);
  }

  /** Whether a file system's volume can't be written: its disk can't, or of its tables not all are kept up to date (BPB_ExtFlags), whose change isn't provided for. */
  boolean isReadOnly(Firmware firmware, long system) {
    long block = block(firmware, system);
    long sector = numbers(firmware, system)[SECTOR];
    return block == 0 || BlockMedia.readOnly(firmware.memory(), block) || volume(firmware, system).bits() == 32 && (firmware.memory().get16(
        sector + EXTENDED_FLAGS) & ONE_TABLE) != 0;
  }

  @Override
  protected EfiFunction other(String name) {
    for (Function<String, EfiFunction> each : List.<Function<String, EfiFunction>>of(opening::function, reading::function,
        information::function, writing::function, deleting::function, describing::function, committing::function)) {
      EfiFunction function = each.apply(name);
      if (function != null) {
        return function;
      }
    }
    return null;
  }
}
