// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.origin.api.WordOwner;

/**
 * Says what entries of NVMe queues are: which command of which queue a controller has read, and what it has completed (NVM Express 1.4, 4.2 and 4.6). Addresses are those that the driver gave the
 * controller: where an IOMMU translates these, entries in memory aren't known for what they are.
 */
@Component
public final class NvmeWords implements WordOwner {
  private static final int COMPLETION = 16;
  private static final Map<Integer, String> IO = Map.of(0, "flush", 1, "write", 2, "read", 8, "write zeroes", 9, "dataset management");

  /** An entry: of which queue, and which. */
  private record Entry(int queue, int number) {}

  @Override
  public Optional<String> command(Machine machine, String device, long address, byte[] bytes) {
    return bytes.length != NvmeCommand.SIZE ? Optional.empty() : controllers(machine).flatMap(each -> entry(each,
        QueueRegisters.SUBMISSION_BASE, QueueRegisters.SUBMISSION_SIZE, NvmeCommand.SIZE, address).stream()).findFirst().map(
            entry -> command(entry, bytes));
  }

  @Override
  public Optional<String> text(Machine machine, long address, int length) {
    return controllers(machine).flatMap(each -> Stream.concat(entry(each, QueueRegisters.COMPLETION_BASE, QueueRegisters.COMPLETION_SIZE,
        COMPLETION, address).map(entry -> completion(entry, held(machine, address(each, QueueRegisters.COMPLETION_BASE, entry, COMPLETION),
            COMPLETION))).stream(), entry(each, QueueRegisters.SUBMISSION_BASE, QueueRegisters.SUBMISSION_SIZE, NvmeCommand.SIZE, address)
                .map(entry -> command(entry, held(machine, address(each, QueueRegisters.SUBMISSION_BASE, entry, NvmeCommand.SIZE),
                    NvmeCommand.SIZE))).stream())).findFirst();
  }

  private static Stream<Map<String, Long>> controllers(Machine machine) {
    return machine.devices().stream().filter(each -> each.model().equals(NvmeComponent.DESCRIPTION.name())).map(each -> queues(machine
        .registers(each.instance())));
  }

  private static Map<String, Long> queues(List<StoredRegister> registers) {
    return registers.stream().filter(each -> each.window().equals(QueueRegisters.WINDOW)).collect(Collectors.toMap(StoredRegister::name,
        each -> each.value().orElse(0)));
  }

  private static Optional<Entry> entry(Map<String, Long> queues, String base, String size, int bytes, long address) {
    for (int i = 0; i < SubmissionQueues.QUEUES; i++) {
      long from = address - queues.getOrDefault(base + i, 0L);
      if (from >= 0 && from < queues.getOrDefault(size + i, 0L) * bytes) {
        return Optional.of(new Entry(i, (int) from / bytes));
      }
    }
    return Optional.empty();
  }

  private static long address(Map<String, Long> queues, String base, Entry entry, int bytes) {
    return queues.get(base + entry.queue) + (long) entry.number * bytes;
  }

  /** Zeroes where there is no RAM. */
  private static byte[] held(Machine machine, long address, int length) {
    try {
      return machine.peek(address, length);
    } catch (IllegalArgumentException outside) {
      return new byte[length];
    }
  }

  private static String command(Entry entry, byte[] bytes) {
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int opcode = bytes[0] & 0xFF;
    String name = entry.queue == 0 ? "0x%02x".formatted(opcode) : IO.getOrDefault(opcode, "0x%02x".formatted(opcode));
    String blocks = entry.queue > 0 && (opcode == 1 || opcode == 2 || opcode == 8) ? ", %d blocks from %d on".formatted((view.getShort(48)
        & 0xFFFF) + 1, view.getLong(40)) : "";
    return "command 0x%x in entry %d of submission queue %d: %s of namespace %d%s".formatted(view.getShort(2) & 0xFFFF, entry.number,
        entry.queue, name, view.getInt(4), blocks);
  }

  private static String completion(Entry entry, byte[] bytes) {
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return "entry %d of completion queue %d: command 0x%x of submission queue %d, status 0x%x".formatted(entry.number, entry.queue, view
        .getShort(12) & 0xFFFF, view.getShort(10) & 0xFFFF, (view.getShort(14) & 0xFFFF) >>> 1);
  }
}
