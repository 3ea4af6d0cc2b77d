// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** Makes files and directories: their entries, and what a directory begins with. */
final class Creating {
  private static final int MOST_NAME = 260;
  /** What the specification lets a directory have at most (Microsoft, FAT 1.03, 6), in bytes. */
  private static final long MOST_DIRECTORY = 2 << 20;
  private static final int ARCHIVE = 0x20;

  /** Numbers of MakeEntry: where the time is, and where address and bytes of the directory are. */
  private enum Slot {
    TIME, LOADED
  }

  private enum Step {
    BEGIN, TIMED, LOADED, WRITTEN;

    private static final Step[] ALL = values();
  }

  private final FatLayer layer;
  private final Committing committing;

  Creating(FatLayer layer, Committing committing) {
    this.layer = layer;
    this.committing = committing;
  }

  EfiFunction function(String name) {
    return name.equals("MakeEntry") ? this::make : null;
  }

  /** Arguments: file system, directory's first cluster (0: the root), name, attributes. Nothing of that name is there. */
  private EfiStep make(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long system = call.argument(0);
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        call.raise(Call.TPL_CALLBACK);
        call.set(Slot.TIME, call.room(16));
        return Committing.askTime(call, Step.TIMED, call.get(Slot.TIME));
      }
      case TIMED -> {
        call.set(Slot.LOADED, call.room(16));
        return EfiStep.call(Step.LOADED, firmware.function(layer, "LoadDirectory"), system, call.argument(1), call.get(Slot.LOADED));
      }
      case LOADED -> {
        if (call.result() < 0) {
          return EfiStep.done(call.result());
        }
        return committing.commit(call, Step.WRITTEN, system, writes -> plan(call, writes));
      }
      default -> {
        return EfiStep.done(call.result());
      }
    }
  }

  private void plan(Call call, WriteList writes) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long system = call.argument(0);
    long directory = call.argument(1);
    int attributes = (int) call.argument(3);
    int time = Committing.time(memory, call.get(Slot.TIME));
    byte[] bytes = loaded(firmware, call.get(Slot.LOADED), writes);
    TableChange change = new TableChange(layer.table(firmware, system), layer.numbers(firmware, system));
    Volume volume = change.table().volume();
    boolean makes = (attributes & Directory.DIRECTORY) != 0;
    byte[] entries = NewEntries.of(memory.text(call.argument(2), MOST_NAME), makes ? attributes : attributes | ARCHIVE, shortNames(bytes));
    change.require((makes ? 1 : 0) + wanted(volume, directory, bytes, entries.length));
    long cluster = 0;
    if (makes) {
      long begins = writes.pages(firmware, volume.cluster());
      cluster = change.extend(0, 0, 0, 1);
      memory.write(begins, NewEntries.dots(cluster, directory, time));
      writes.add(volume.place(cluster), volume.cluster(), begins);
    }
    NewEntries.fill(ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN), entries.length - NewEntries.ENTRY, cluster, 0, time);
    put(firmware, change, writes, directory, bytes, entries);
    if (change.isChanged()) {
      writes.counted();
    }
  }

  /** A directory's bytes that LoadDirectory has read; their pages are the list's. @param at where address and size are */
  static byte[] loaded(Firmware firmware, long at, WriteList writes) {
    long size = firmware.memory().get64(at + 8);
    writes.giveBack(firmware.memory().get64(at), size);
    return firmware.memory().read(firmware.memory().get64(at), (int) size);
  }

  static Set<String> shortNames(byte[] bytes) {
    Set<String> names = new HashSet<>();
    List<Directory.Entry> entries = Directory.entries(bytes);
    entries.forEach(each -> names.add(each.shortName().toUpperCase(Locale.ROOT)));
    return names;
  }

  /** How many clusters a directory gets for so many bytes of entries. @throws EfiError VOLUME_FULL if it can't be longer */
  private static long wanted(Volume volume, long directory, byte[] bytes, int more) {
    long end = (long) NewEntries.room(bytes, more / NewEntries.ENTRY) * NewEntries.ENTRY + more;
    if (end <= bytes.length) {
      return 0;
    } else if (directory == 0 && volume.rootCluster() == 0 || end > MOST_DIRECTORY) {
      throw new EfiError(EfiStatus.VOLUME_FULL, "a directory of " + bytes.length + " bytes is full");
    }
    return (end - bytes.length + volume.cluster() - 1) / volume.cluster();
  }

  /**
   * Puts entries into a directory, which becomes longer if it must; the table's sectors come to the list before it.
   *
   * @param bytes   what is in it
   * @param entries what comes to it
   * @return the number of the first one
   */
  static int put(Firmware firmware, TableChange change, WriteList writes, long directory, byte[] bytes, byte[] entries) {
    Volume volume = change.table().volume();
    int slot = NewEntries.room(bytes, entries.length / NewEntries.ENTRY);
    long more = wanted(volume, directory, bytes, entries.length);
    long offset = (long) slot * NewEntries.ENTRY;
    long first = directory == 0 ? volume.rootCluster() : directory;
    long written = more == 0 ? entries.length : bytes.length + more * volume.cluster() - offset;
    long room = writes.pages(firmware, written);
    firmware.memory().write(room, entries);
    if (more != 0) {
      long count = bytes.length / volume.cluster();
      change.extend(first, change.table().along(first, count - 1), count - 1, count + more);
    }
    change.addTo(writes);
    if (first == 0) {
      writes.add(volume.rootAt() + offset, written, room);
    } else {
      writes.add(change.table(), first, offset, written, room);
    }
    return slot;
  }
}
