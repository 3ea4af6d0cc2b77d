// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** Reads files and directories. What was deleted can't be read any more. */
final class Reading {
  private static final int PAGE = 4096;
  private static final long MOST_DIRECTORY = 2 << 20;
  private static final long TO_THE_END = -1;

  /** Number of Read of a file: bytes that are read. */
  private enum FileSlot {
    SIZE
  }

  /** Number of Read of a directory: where address and bytes of what was loaded are put. */
  private enum DirectorySlot {
    LOADED
  }

  private final FatLayer layer;
  private final Files files;
  private final FileInformation information;
  private final RangeReading ranges;

  Reading(FatLayer layer, Files files, FileInformation information) {
    this.layer = layer;
    this.files = files;
    this.information = information;
    ranges = new RangeReading(layer, files);
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "Read" -> this::read;
      case "LoadDirectory" -> this::loadDirectory;
      case "ReadRange" -> ranges::readRange;
      case "GetPosition" -> this::getPosition;
      case "SetPosition" -> this::setPosition;
      case "OpenEx", "ReadEx", "WriteEx", "FlushEx" -> call -> EfiStep.done(EfiStatus.UNSUPPORTED);
      default -> null;
    };
  }

  /** Bytes of a directory's chain. @param cluster 0: the root directory */
  private long size(Firmware firmware, long system, long cluster) {
    Table table = layer.table(firmware, system);
    Volume volume = table.volume();
    if (cluster == 0 && volume.bits() != 32) {
      return volume.rootSize();
    }
    long clusters = table.clusters(cluster == 0 ? volume.rootCluster() : cluster);
    if (clusters == 0) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + cluster + ": its chain leads nowhere, or in a circle");
    }
    return clusters * volume.cluster();
  }

  /** Arguments: file system, first cluster, and where address and bytes of what was read are put; the pages are the caller's. */
  private EfiStep loadDirectory(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.isAt(AskOnce.ASK)) {
      long size = size(firmware, call.argument(0), call.argument(1));
      if (size > MOST_DIRECTORY) {
        throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + call.argument(1) + ": a directory of " + size + " bytes");
      }
      long at = firmware.pages((size + PAGE - 1) / PAGE);
      memory.put64(call.argument(2), at);
      memory.put64(call.argument(2) + 8, size);
      return EfiStep.call(AskOnce.ANSWERED, firmware.function(layer, "ReadRange"), call.argument(0), call.argument(1), 0, size, at, 0);
    }
    if (call.result() < 0) {
      firmware.freePages(memory.get64(call.argument(2)), (memory.get64(call.argument(2) + 8) + PAGE - 1) / PAGE);
    }
    return EfiStep.done(call.result());
  }

  private EfiStep read(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = files.numbers(firmware, call.argument(0));
    return (numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0 ? readDirectory(call, numbers) : readFile(call, numbers);
  }

  private EfiStep readFile(Call call, long[] numbers) {
    EfiRam memory = call.firmware().memory();
    if (call.isAt(AskOnce.ANSWERED)) {
      if (call.result() == 0) {
        numbers[Files.POSITION] += call.get(FileSlot.SIZE);
        memory.put64(call.argument(1), call.get(FileSlot.SIZE));
      }
      return EfiStep.done(call.result());
    }
    if (Files.isGone(numbers) || Long.compareUnsigned(numbers[Files.POSITION], numbers[Files.SIZE]) > 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    long wanted = memory.get64(call.argument(1));
    long left = numbers[Files.SIZE] - numbers[Files.POSITION];
    long size = Long.compareUnsigned(wanted, left) < 0 ? wanted : left;
    call.set(FileSlot.SIZE, size);
    return EfiStep.call(AskOnce.ANSWERED, call.firmware().function(layer, "ReadRange"), numbers[Files.SYSTEM], numbers[Files.CLUSTER],
        numbers[Files.POSITION], size, call.argument(2), call.argument(0));
  }

  /** One entry for each call; the position is its number. */
  private EfiStep readDirectory(Call call, long[] numbers) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.isAt(AskOnce.ASK)) {
      if (Files.isGone(numbers)) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      call.set(DirectorySlot.LOADED, call.room(16));
      return EfiStep.call(AskOnce.ANSWERED, firmware.function(layer, "LoadDirectory"), numbers[Files.SYSTEM], numbers[Files.CLUSTER], call
          .get(DirectorySlot.LOADED));
    }
    if (call.result() < 0) {
      return EfiStep.done(call.result());
    }
    long at = memory.get64(call.get(DirectorySlot.LOADED));
    int size = (int) memory.get64(call.get(DirectorySlot.LOADED) + 8);
    List<Directory.Entry> entries = Directory.entries(memory.read(at, size));
    firmware.freePages(at, (size + PAGE - 1L) / PAGE);
    if (numbers[Files.POSITION] >= entries.size()) {
      memory.put64(call.argument(1), 0);
      return EfiStep.done();
    }
    byte[] told = FileInformation.of(entries.get((int) numbers[Files.POSITION]), layer.volume(firmware, numbers[Files.SYSTEM]).cluster());
    EfiStep given = information.give(call, told, 1, 2);
    if (given instanceof EfiStep.Return done && done.value() == 0) {
      numbers[Files.POSITION]++;
    }
    return given;
  }

  private EfiStep getPosition(Call call) {
    long[] numbers = files.numbers(call.firmware(), call.argument(0));
    if ((numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    call.firmware().memory().put64(call.argument(1), numbers[Files.POSITION]);
    return EfiStep.done();
  }

  private EfiStep setPosition(Call call) {
    long[] numbers = files.numbers(call.firmware(), call.argument(0));
    boolean directory = (numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0;
    if (directory && call.argument(1) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    numbers[Files.POSITION] = call.argument(1) == TO_THE_END ? numbers[Files.SIZE] : call.argument(1);
    return EfiStep.done();
  }
}
