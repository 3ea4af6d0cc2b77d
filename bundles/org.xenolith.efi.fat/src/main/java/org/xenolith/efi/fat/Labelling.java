// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** Gives a volume another label (UEFI 2.10, 13.5.17 and 13.5.18): in its first sector, and as an entry of the root directory (Microsoft, FAT 1.03, 3.3 and 6). */
final class Labelling {
  private static final int LABEL_BYTES = 11;
  private static final int SYSTEM_LABEL_AT = 36;
  private static final int MOST_TEXT = 64;
  private static final String NONE = "NO NAME";
  private static final String FORBIDDEN = "\"*+,./:;<=>?[\\]|";

  /** Numbers of SetInfo of a volume: where time and root directory are. */
  private enum Slot {
    TIME, LOADED
  }

  private enum Step {
    BEGIN, TIMED, LOADED, WRITTEN;

    private static final Step[] ALL = values();
  }

  private final FatLayer layer;
  private final Files files;
  private final Committing committing;

  Labelling(FatLayer layer, Files files, Committing committing) {
    this.layer = layer;
    this.files = files;
    this.committing = committing;
  }

  EfiStep set(Call call, long[] numbers, EfiGuid kind) {
    Firmware firmware = call.firmware();
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        int header = FileInformation.isLabel(kind) ? 0 : SYSTEM_LABEL_AT;
        String label = firmware.memory().text(call.argument(3) + header, MOST_TEXT);
        if (Long.compareUnsigned(call.argument(2), header + 2L * label.length() + 2) < 0) {
          return EfiStep.done(EfiStatus.BAD_BUFFER_SIZE);
        } else if (label.length() > LABEL_BYTES || !label.chars().allMatch(each -> each >= ' ' && each < 0x7F && FORBIDDEN.indexOf(each)
            < 0)) {
              return EfiStep.done(EfiStatus.INVALID_PARAMETER);
            } else if (!files.all(firmware, numbers[Files.SYSTEM]).contains(call.argument(0))) {
              return EfiStep.done(EfiStatus.DEVICE_ERROR);
            }
        call.raise(Call.TPL_CALLBACK);
        call.set(Slot.TIME, call.room(16));
        return Committing.askTime(call, Step.TIMED, call.get(Slot.TIME));
      }
      case TIMED -> {
        call.set(Slot.LOADED, call.room(16));
        return EfiStep.call(Step.LOADED, firmware.function(layer, "LoadDirectory"), numbers[Files.SYSTEM], 0, call.get(Slot.LOADED));
      }
      case LOADED -> {
        return call.result() < 0 ? EfiStep.done(call.result())
            : committing.commit(call, Step.WRITTEN, numbers[Files.SYSTEM], writes -> plan(call, numbers[Files.SYSTEM], FileInformation
                .isLabel(
                    kind) ? 0 : SYSTEM_LABEL_AT, writes));
      }
      default -> {
        return EfiStep.done(call.result());
      }
    }
  }

  private void plan(Call call, long system, int header, WriteList writes) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    String text = memory.text(call.argument(3) + header, MOST_TEXT).strip().toUpperCase(Locale.ROOT);
    byte[] label = new byte[LABEL_BYTES];
    Arrays.fill(label, (byte) ' ');
    byte[] characters = (text.isEmpty() ? NONE : text).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(characters, 0, label, 0, characters.length);
    byte[] bytes = Creating.loaded(firmware, call.get(Slot.LOADED), writes);
    TableChange change = new TableChange(layer.table(firmware, system), layer.numbers(firmware, system));
    int slot = Directory.label(bytes);
    byte[] entry = new byte[NewEntries.ENTRY];
    System.arraycopy(label, 0, entry, 0, LABEL_BYTES);
    entry[LABEL_BYTES] = Directory.LABEL;
    NewEntries.fill(ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN), 0, 0, 0, Committing.time(memory, call.get(Slot.TIME)));
    if (slot >= 0) {
      entry[0] = text.isEmpty() ? (byte) 0xE5 : entry[0];
      long room = writes.pages(firmware, NewEntries.ENTRY);
      memory.write(room, entry);
      writes.add(Files.place(change.table(), 0, slot), NewEntries.ENTRY, room);
    } else if (!text.isEmpty()) {
      Creating.put(firmware, change, writes, 0, bytes, entry);
    }
    long sector = layer.numbers(firmware, system)[FatLayer.SECTOR];
    int place = change.table().volume().labelAt();
    memory.write(sector + place, label);
    writes.add(place, LABEL_BYTES, sector + place);
    if (change.isChanged()) {
      writes.counted();
    }
  }
}
