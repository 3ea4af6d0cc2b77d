// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** Deletes files, and directories that have nothing in them (UEFI 2.10, 13.5.4). The handle is closed whatever comes of it: a warning says that the file is still there. */
final class Deleting {
  private static final long WARN_DELETE_FAILURE = 2;
  private static final byte DELETED = (byte) 0xE5;

  /** Number of Delete: where address and bytes of a directory are. */
  private enum Slot {
    LOADED
  }

  private enum Step {
    BEGIN, LOADED, WRITTEN;

    private static final Step[] ALL = values();
  }

  private final FatLayer layer;
  private final Files files;
  private final Committing committing;

  Deleting(FatLayer layer, Files files, Committing committing) {
    this.layer = layer;
    this.files = files;
    this.committing = committing;
  }

  EfiFunction function(String name) {
    return name.equals("Delete") ? this::delete : null;
  }

  private EfiStep delete(Call call) {
    Firmware firmware = call.firmware();
    long file = call.argument(0);
    long[] numbers = files.numbers(firmware, file);
    long system = numbers[Files.SYSTEM];
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        boolean can = numbers[Files.WRITES] != 0 && numbers[Files.PARENT] != Files.NOWHERE && files.all(firmware, system).contains(file)
            && (numbers[Files.ATTRIBUTES] & Directory.READ_ONLY) == 0 && !layer.isReadOnly(firmware, system);
        if (!can) {
          return close(firmware, file, WARN_DELETE_FAILURE);
        }
        call.raise(Call.TPL_CALLBACK);
        if ((numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) == 0) {
          return committing.commit(call, Step.WRITTEN, system, writes -> plan(firmware, file, writes));
        }
        call.set(Slot.LOADED, call.room(16));
        return EfiStep.call(Step.LOADED, firmware.function(layer, "LoadDirectory"), system, numbers[Files.CLUSTER], call.get(Slot.LOADED));
      }
      case LOADED -> {
        if (call.result() < 0) {
          return close(firmware, file, WARN_DELETE_FAILURE);
        }
        WriteList writes = new WriteList();
        boolean empty = Directory.entries(Creating.loaded(firmware, call.get(Slot.LOADED), writes)).stream().allMatch(
            Directory.Entry::isDots);
        writes.drop(firmware);
        return empty ? committing.commit(call, Step.WRITTEN, system, list -> plan(firmware, file, list)) : close(firmware, file,
            WARN_DELETE_FAILURE);
      }
      default -> {
        return close(firmware, file, call.result() < 0 ? WARN_DELETE_FAILURE : 0);
      }
    }
  }

  private EfiStep close(Firmware firmware, long file, long answer) {
    files.close(firmware, file);
    return EfiStep.done(answer);
  }

  private void plan(Firmware firmware, long file, WriteList writes) {
    long[] numbers = files.numbers(firmware, file);
    long system = numbers[Files.SYSTEM];
    TableChange change = new TableChange(layer.table(firmware, system), layer.numbers(firmware, system));
    erase(firmware, change.table(), numbers, writes);
    if (numbers[Files.CLUSTER] != 0) {
      change.cut(numbers[Files.CLUSTER], 0);
    }
    change.addTo(writes);
    if (change.isChanged()) {
      writes.counted();
    }
    for (long[] each : files.same(firmware, file)) {
      each[Files.PARENT] = Files.NOWHERE; // and so none of them is the root
      each[Files.SLOT] = Files.NOWHERE;
    }
  }

  /** An entry's places, with those of its long name, become free. */
  static void erase(Firmware firmware, Table table, long[] numbers, WriteList writes) {
    long room = writes.pages(firmware, 1);
    firmware.memory().write(room, new byte[] {DELETED});
    for (long i = 0; i < numbers[Files.SLOTS]; i++) {
      writes.add(Files.place(table, numbers[Files.PARENT], numbers[Files.SLOT] - i), 1, room);
    }
  }
}
