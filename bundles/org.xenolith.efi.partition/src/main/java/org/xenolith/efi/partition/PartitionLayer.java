// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.OnError;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.BusDriverLayer;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/** A child with EFI_BLOCK_IO_PROTOCOL for each partition of a disk (UEFI 2.10, 13.3.2). The table is read by bytes, partitions by blocks. */
final class PartitionLayer extends BusDriverLayer {
  /** Numbers of an interface. */
  private static final int NUMBERS = 2;
  private static final int MOST_BLOCK = 4096;
  private static final int PAGE = 4096;
  private static final int FORMAT_MBR = 1;
  private static final int FORMAT_GPT = 2;
  private static final int FORMAT_DISC = 3;
  /** Numbers of Start: memory for blocks, the table's entries and their pages, which block a header is looked for in. */
  private enum Slot {
    ROOM, ENTRIES, PAGES, AT
  }

  // Numbers of a partition's protocol: the disk's, and the first block.
  private static final int PARENT = 0;
  private static final int FIRST = 1;

  /** Steps of Start, each with what it does if what was asked for before can't be read: the first block says what is there instead of a disc's catalogue. */
  private enum Step {
    READ_FIRST(OnError.IGNORE), SEE_FIRST(OnError.FAIL), SEE_HEADER(OnError.FAIL), SEE_ENTRIES(OnError.FAIL), SEE_DISC(OnError.LOOK),
    SEE_CATALOG(OnError.LOOK);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

  PartitionLayer() {
    super(Protocol.DISK_IO, Protocol.BLOCK_IO);
  }

  /**
   * A partition. An EFI system partition's type marks its handle (UEFI 2.10, 13.3.3); other types don't: a disk's bytes would install any protocol.
   *
   * @param record of it in its table; empty: there is none
   */
  private record Found(int number, long first, long blocks, byte[] signature, int format, boolean system, byte[] record) {}

  @Override
  public String name() {
    return "efi.partition";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "Partition Driver (GPT/MBR/El Torito)";
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    tryOpen(call, driver, controller, Protocol.DISK_IO);
    long block = firmware.handles().find(controller, Protocol.BLOCK_IO);
    // Partitions of partitions are nobody's.
    boolean whole = block != 0 && !BlockMedia.partition(firmware.memory(), block) && BlockMedia.blockSize(firmware.memory(), block)
        <= MOST_BLOCK;
    return EfiStep.done(whole ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Step step = call.step(Step.ALL);
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    EfiRam memory = firmware.memory();
    long block = handles.find(controller, Protocol.BLOCK_IO);
    long disk = step == Step.READ_FIRST ? open(call, driver, controller, Protocol.DISK_IO)
        : handles.find(controller, Protocol.DISK_IO);
    long size = BlockMedia.blockSize(memory, block);
    long blocks = BlockMedia.blocks(memory, block);
    if (call.result() < 0 && step.onError == OnError.FAIL) {
      return over(call, driver, controller, List.of());
    } else if (call.result() < 0 && step.onError == OnError.LOOK) {
      return old(call, driver, controller, size, blocks);
    }
    switch (step) {
      case READ_FIRST -> {
        call.set(Slot.ROOM, call.room((int) (2 * size) + ElTorito.BLOCK));
        return read(call, Step.SEE_FIRST, disk, 0, size, call.get(Slot.ROOM));
      }
      case SEE_FIRST -> {
        List<Mbr.Partition> old = Mbr.partitions(memory.read(call.get(Slot.ROOM), (int) size), blocks);
        if (old.stream().noneMatch(each -> each.type() == Mbr.PROTECTIVE)) {
          boolean disc = size <= ElTorito.BLOCK && blocks * size >= ElTorito.RECORD + ElTorito.BLOCK;
          return disc ? read(call, Step.SEE_DISC, disk, ElTorito.RECORD, ElTorito.BLOCK, call.get(Slot.ROOM) + 2 * size) : old(call, driver,
              controller,
              size,
              blocks);
        }
        call.set(Slot.AT, 1);
        return read(call, Step.SEE_HEADER, disk, size, size, call.get(Slot.ROOM) + size);
      }
      case SEE_HEADER -> {
        Optional<Gpt.Header> header = header(call, size, blocks);
        if (header.isEmpty()) {
          return other(call, driver, controller, disk, size, blocks);
        }
        if (call.get(Slot.ENTRIES) != 0) {
          firmware.freePages(call.get(Slot.ENTRIES), call.get(Slot.PAGES));
        }
        call.set(Slot.PAGES, (header.get().bytes() + PAGE - 1L) / PAGE);
        call.set(Slot.ENTRIES, firmware.pages(call.get(Slot.PAGES)));
        return read(call, Step.SEE_ENTRIES, disk, header.get().entries() * size, header.get().bytes(), call.get(Slot.ENTRIES));
      }
      case SEE_DISC -> {
        OptionalLong catalog = ElTorito.catalog(memory.read(call.get(Slot.ROOM) + 2 * size, ElTorito.BLOCK), blocks * size
            / ElTorito.BLOCK);
        return catalog.isEmpty() ? old(call, driver, controller, size, blocks) : read(call, Step.SEE_CATALOG, disk, catalog.getAsLong()
            * ElTorito.BLOCK,
            ElTorito.BLOCK, call.get(Slot.ROOM) + 2 * size);
      }
      case SEE_CATALOG -> {
        List<Found> found = ofDisc(memory.read(call.get(Slot.ROOM) + 2 * size, ElTorito.BLOCK), blocks, size);
        return found.isEmpty() ? old(call, driver, controller, size, blocks) : over(call, driver, controller, found);
      }
      default -> {
        Gpt.Header header = header(call, size, blocks).orElseThrow();
        byte[] entries = memory.read(call.get(Slot.ENTRIES), header.bytes());
        Optional<List<Gpt.Partition>> found = Gpt.partitions(header, entries);
        return found.isEmpty() ? other(call, driver, controller, disk, size, blocks) : over(call, driver, controller, ofGpt(found.get(),
            entries, header.size()));
      }
    }
  }

  private static EfiStep read(Call call, Step next, long disk, long offset, long size, long buffer) {
    return EfiStep.call(next, call.firmware().memory().get64(disk + 8), disk, 0, offset, size, buffer);
  }

  private static Optional<Gpt.Header> header(Call call, long size, long blocks) {
    return Gpt.header(call.firmware().memory().read(call.get(Slot.ROOM) + size, (int) size), call.get(Slot.AT), blocks);
  }

  /** The table at the disk's end stands in for the one at its beginning (UEFI 2.10, 5.3.2). */
  private EfiStep other(Call call, long driver, long controller, long disk, long size, long blocks) {
    if (call.get(Slot.AT) == blocks - 1) {
      call.firmware().report("partitions: both GUID partition tables of a disk are damaged; it has no partitions here");
      return over(call, driver, controller, List.of());
    }
    call.firmware().report(
        "partitions: the GUID partition table at a disk's beginning is damaged; the one at its end is used. Repair it with gdisk");
    call.set(Slot.AT, blocks - 1);
    return read(call, Step.SEE_HEADER, disk, (blocks - 1) * size, size, call.get(Slot.ROOM) + size);
  }

  private static List<Found> ofGpt(List<Gpt.Partition> partitions, byte[] entries, int size) {
    List<Found> found = new ArrayList<>();
    partitions.forEach(each -> found.add(new Found(each.number(), each.first(), each.last() - each.first() + 1, each.unique().toBytes(),
        FORMAT_GPT, each.type().equals(Protocol.ESP), Arrays.copyOfRange(entries, (each.number() - 1) * size, (each.number() - 1) * size
            + Gpt.SMALLEST_ENTRY))));
    return found;
  }

  /** Neither a GPT nor a catalogue: what the first block says. */
  private EfiStep old(Call call, long driver, long controller, long size, long blocks) {
    byte[] first = call.firmware().memory().read(call.get(Slot.ROOM), (int) size);
    return over(call, driver, controller, ofMbr(first, Mbr.partitions(first, blocks)));
  }

  private static List<Found> ofDisc(byte[] catalog, long blocks, long size) {
    if (size > ElTorito.BLOCK) {
      return List.of(); // it was less before: its description lies in the guest's memory
    }
    long each = ElTorito.BLOCK / size;
    return ElTorito.images(catalog, blocks / each).stream().map(image -> new Found(image.number(), image.first() * each, image.blocks()
        * each, new byte[0], FORMAT_DISC, false, new byte[0])).toList();
  }

  private static List<Found> ofMbr(byte[] block, List<Mbr.Partition> partitions) {
    byte[] signature = ByteBuffer.allocate(EfiGuid.SIZE).order(ByteOrder.LITTLE_ENDIAN).putInt(Mbr.signature(block)).array();
    List<Found> found = new ArrayList<>();
    partitions.forEach(each -> found.add(new Found(each.number(), each.first(), each.blocks(), signature, FORMAT_MBR, each.type()
        == Mbr.ESP, Mbr.record(block, each.number()))));
    return found;
  }

  /** Makes the children; a disk without any isn't managed. */
  private EfiStep over(Call call, long driver, long controller, List<Found> found) {
    Firmware firmware = call.firmware();
    if (call.get(Slot.ENTRIES) != 0) {
      firmware.freePages(call.get(Slot.ENTRIES), call.get(Slot.PAGES));
    }
    if (found.isEmpty()) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    found.forEach(each -> child(firmware, driver, controller, each));
    return EfiStep.done();
  }

  private void child(Firmware firmware, long driver, long controller, Found found) {
    HandleDatabase handles = firmware.handles();
    EfiRam memory = firmware.memory();
    long parent = handles.find(controller, Protocol.BLOCK_IO);
    long block = firmware.interfaceMemory(this, BlockMedia.SIZE, NUMBERS);
    firmware.numbers(this, block)[PARENT] = parent;
    firmware.numbers(this, block)[FIRST] = found.first;
    BlockMedia.write(memory, block, BlockMedia.id(memory, parent), BlockMedia.blockSize(memory, parent), found.blocks, true, BlockMedia
        .readOnly(
            memory, parent));
    BlockMedia.align(memory, block, BlockMedia.alignment(memory, parent));
    pointers(firmware, block + BlockMedia.FUNCTIONS, BlockMedia.functions());
    DevicePath path = path(firmware, controller);
    if (found.format == FORMAT_DISC) {
      path.disc(found.number, found.first, found.blocks);
    } else {
      path.partition(found.number, found.first, found.blocks, found.signature, found.format);
    }
    long handle = child(firmware, driver, controller, path, block);
    if (found.record.length > 0) {
      long information = firmware.interfaceMemory(this, PartitionInformation.SIZE, 0);
      PartitionInformation.write(memory, information, found.format, found.system, found.record);
      handles.install(handle, Protocol.PARTITION_INFO, information);
    }
    if (found.system) {
      handles.install(handle, Protocol.ESP, 0);
    }
  }

  @Override
  protected void dropping(Firmware firmware, long child) {
    HandleDatabase handles = firmware.handles();
    long information = handles.find(child, Protocol.PARTITION_INFO);
    if (information != 0) {
      handles.uninstall(child, Protocol.PARTITION_INFO, information);
      firmware.dropInterface(this, information);
    }
    if (handles.has(child, Protocol.ESP)) {
      handles.uninstall(child, Protocol.ESP, 0);
    }
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset" -> nothingToDo(NUMBERS);
      case "ReadBlocks" -> call -> transfer(call, BlockMedia.READ);
      case "WriteBlocks" -> call -> transfer(call, BlockMedia.WRITE);
      case "FlushBlocks" -> this::flush;
      default -> null;
    };
  }

  private EfiStep flush(Call call) {
    long parent = InterfaceNumbers.of(call, this, NUMBERS)[PARENT];
    return !call.isAt(AskOnce.ASK) ? EfiStep.done(call.result()) : EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(parent
        + BlockMedia.FLUSH),
        parent);
  }

  private EfiStep transfer(Call call, int function) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    EfiRam memory = call.firmware().memory();
    long[] numbers = InterfaceNumbers.of(call, this, NUMBERS);
    EfiStatus refused = BlockMedia.check(call);
    if (refused != EfiStatus.SUCCESS) {
      return EfiStep.done(refused);
    }
    return EfiStep.call(AskOnce.ANSWERED, memory.get64(numbers[PARENT] + function), numbers[PARENT], call.argument(1), numbers[FIRST] + call
        .argument(2),
        call.argument(3), call
            .argument(
                4));
  }
}
