// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;

/** Files and directories that are open: EFI_FILE_PROTOCOL in memory with the name behind it (UEFI 2.10, 13.5). */
final class Files {
  /** The first: the functions of the second, whose names end with Ex, aren't there. */
  private static final long REVISION = 0x1_0000;
  private static final int NAME_AT = 120;
  private static final int MOST_NAME = 260;
  private static final String[] FUNCTIONS = {"Open", "Close", "Delete", "Read", "Write", "GetPosition", "SetPosition", "GetInfo", "SetInfo",
      "Flush", "OpenEx", "ReadEx", "WriteEx", "FlushEx"};
  // Numbers of a file.
  static final int SYSTEM = 0;
  static final int CLUSTER = 1;
  static final int SIZE = 2;
  static final int POSITION = 3;
  static final int ATTRIBUTES = 4;
  static final int CREATED = 5;
  static final int ACCESSED = 6;
  static final int MODIFIED = 7;
  /** A cluster that was read, 0 as long as none was, and which one of the chain it is. */
  static final int CLUSTER_READ = 8;
  static final int INDEX_READ = 9;
  /** Where on the volume what was read ahead lies, and its bytes; as long as the volume's room is the file's. */
  static final int AHEAD_AT = 10;
  static final int AHEAD_SIZE = 11;
  /** The directory that its entry is in, by its first cluster (0: the root, which itself is in {@link #NOWHERE}), and which one there; see {@link Directory.Entry}. */
  static final int PARENT = 12;
  static final int SLOT = 13;
  static final int SLOTS = 14;
  /** 1 if it was opened to be written. */
  static final int WRITES = 15;
  /** The file that was opened before it on the same volume; 0: none. */
  static final int NEXT = 16;
  /** The parent of the root, and of what was deleted. */
  static final long NOWHERE = -1;
  private static final int NUMBERS = 17;
  /** Bytes for the name, which may become another one. */
  private static final int NAME_ROOM = 2 * 256;

  private static final Directory.Entry ROOT = new Directory.Entry("", "", Directory.DIRECTORY, 0, 0, 0, 0, 0);

  private final FatLayer layer;

  Files(FatLayer layer) {
    this.layer = layer;
  }

  /** Opens the root directory. */
  long openRoot(Firmware firmware, long system) {
    return open(firmware, system, ROOT, NOWHERE, false);
  }

  /** Opens what is open already, once more. */
  long again(Firmware firmware, long file, boolean writes) {
    long[] numbers = numbers(firmware, file);
    return open(firmware, numbers[SYSTEM], entry(firmware, file), numbers[PARENT], writes);
  }

  /** Opens an entry. @param parent its directory's first cluster; 0: the root @param writes whether it may be written */
  long open(Firmware firmware, long system, Directory.Entry entry, long parent, boolean writes) {
    byte[] name = (entry.name() + '\0').getBytes(StandardCharsets.UTF_16LE);
    long file = firmware.interfaceMemory(layer, NAME_AT + Math.max(NAME_ROOM, name.length), NUMBERS);
    EfiRam memory = firmware.memory();
    memory.put64(file, REVISION);
    layer.write(firmware, file + 8, FUNCTIONS);
    memory.write(file + NAME_AT, name);
    long[] numbers = firmware.numbers(layer, file);
    numbers[SYSTEM] = system;
    numbers[CLUSTER] = entry.cluster();
    numbers[SIZE] = entry.isDirectory() ? 0 : entry.size();
    numbers[ATTRIBUTES] = entry.attributes();
    numbers[CREATED] = entry.created();
    numbers[ACCESSED] = entry.accessed();
    numbers[MODIFIED] = entry.modified();
    numbers[PARENT] = parent;
    numbers[SLOT] = entry.slot();
    numbers[SLOTS] = entry.slots();
    numbers[WRITES] = writes ? 1 : 0;
    long[] mounted = layer.numbers(firmware, system);
    numbers[NEXT] = mounted[FatLayer.FILES];
    mounted[FatLayer.FILES] = file;
    return file;
  }

  void close(Firmware firmware, long file) {
    long[] numbers = numbers(firmware, file);
    long[] mounted = layer.isMounted(firmware, numbers[SYSTEM]) ? layer.numbers(firmware, numbers[SYSTEM]) : null;
    if (mounted != null && mounted[FatLayer.FILES] == file) {
      mounted[FatLayer.FILES] = numbers[NEXT];
    } else {
      all(firmware, numbers[SYSTEM]).stream().map(each -> numbers(firmware, each)).filter(each -> each[NEXT] == file).forEach(
          each -> each[NEXT] = numbers[NEXT]);
    }
    firmware.dropInterface(layer, file);
  }

  /** All that are open on a volume, as it is mounted now; none if it isn't. */
  List<Long> all(Firmware firmware, long system) {
    List<Long> files = new ArrayList<>();
    if (layer.isMounted(firmware, system)) {
      for (long file = layer.numbers(firmware, system)[FatLayer.FILES]; file != 0; file = numbers(firmware, file)[NEXT]) {
        files.add(file);
      }
    }
    return files;
  }

  /** Whether it was deleted by another handle meanwhile. The root can't be. */
  static boolean isGone(long[] numbers) {
    return numbers[PARENT] == NOWHERE && numbers[SLOT] == NOWHERE;
  }

  /** The numbers of all that are open of the same entry as a file, its own among them. */
  List<long[]> same(Firmware firmware, long file) {
    long[] numbers = numbers(firmware, file);
    return all(firmware, numbers[SYSTEM]).stream().map(each -> numbers(firmware, each)).filter(each -> each[PARENT] == numbers[PARENT]
        && each[SLOT] == numbers[SLOT]).toList();
  }

  /** Where a file's entry has its short name on the volume. */
  long place(Firmware firmware, long file) {
    long[] numbers = numbers(firmware, file);
    return place(table(firmware, numbers[SYSTEM]), numbers[PARENT], numbers[SLOT]);
  }

  /** Where a directory has some entry. @param directory its first cluster; 0: the root */
  static long place(Table table, long directory, long slot) {
    Volume volume = table.volume();
    long offset = slot * NewEntries.ENTRY;
    long first = directory == 0 ? volume.rootCluster() : directory;
    return first == 0 ? volume.rootAt() + offset : volume.place(table.along(first, offset / volume.cluster())) + offset % volume.cluster();
  }

  /** What is open of an entry has another name. */
  void rename(Firmware firmware, long file, String name) {
    firmware.memory().write(file + NAME_AT, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
  }

  /** The numbers of a file that is open on a volume that is mounted. */
  long[] numbers(Firmware firmware, long file) {
    long[] numbers = firmware.numbers(layer, file);
    if (numbers.length != NUMBERS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(file) + ": no file");
    }
    return numbers;
  }

  Volume volume(Firmware firmware, long system) {
    return layer.volume(firmware, system);
  }

  boolean isReadOnly(Firmware firmware, long system) {
    return layer.isReadOnly(firmware, system);
  }

  Table table(Firmware firmware, long system) {
    return layer.table(firmware, system);
  }

  String name(Firmware firmware, long file) {
    return firmware.memory().text(file + NAME_AT, MOST_NAME);
  }

  /** The file as an entry of its directory. */
  Directory.Entry entry(Firmware firmware, long file) {
    long[] numbers = numbers(firmware, file);
    String name = name(firmware, file);
    return new Directory.Entry(name, name, (int) numbers[ATTRIBUTES], numbers[CLUSTER], numbers[SIZE], (int) numbers[CREATED],
        (int) numbers[ACCESSED], (int) numbers[MODIFIED], (int) numbers[SLOT], (int) numbers[SLOTS]);
  }
}
