// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.machine.api.EventLog;

/** The NVM command set (NVM Express 1.4, 6). Whatever a driver asks, the answer is a status, never an exception. */
final class IoCommands {
  private static final int FLUSH = 0x00;
  private static final int WRITE = 0x01;
  private static final int READ = 0x02;
  private static final int WRITE_ZEROES = 0x08;
  private static final int DATASET_MANAGEMENT = 0x09;
  private static final int FORCE_UNIT_ACCESS = 1 << 30;
  private static final int DEALLOCATE = 1 << 2;
  private static final int RANGE = 16;
  private static final int MOST_BLOCKS = HostData.MOST / BlockDevice.SECTOR;

  private final Namespace namespace;
  private final HostData data;
  private final NvmeFeatures features;
  private final Health health;
  private final EventLog events;
  private final String instance;
  private long worked;

  IoCommands(Namespace namespace, HostData data, NvmeFeatures features, Health health, EventLog events, String instance) {
    this.namespace = namespace;
    this.data = data;
    this.features = features;
    this.health = health;
    this.events = events;
    this.instance = instance;
  }

  /** Bytes of the medium that commands were about since this was asked last. */
  long worked() {
    long was = worked;
    worked = 0;
    return was;
  }

  /** Carries out a command. */
  Status perform(NvmeCommand command) {
    int opcode = command.opcode();
    if (opcode != FLUSH && opcode != WRITE && opcode != READ && opcode != WRITE_ZEROES && opcode != DATASET_MANAGEMENT) {
      return Status.INVALID_OPCODE;
    }
    if (!command.isPlain()) {
      return Status.INVALID_FIELD;
    }
    boolean all = opcode == FLUSH && command.namespace() == Namespace.ALL;
    Status status = namespace.check(all ? Namespace.ID : command.namespace());
    if (status != Status.SUCCESS) {
      return status;
    }
    try {
      return switch (opcode) {
        case FLUSH -> flush();
        case READ -> read(command);
        case WRITE -> write(command);
        case WRITE_ZEROES -> writeZeroes(command);
        default -> manage(command);
      };
    } catch (IOException e) {
      events.hostFailed("disk-error", instance, String.valueOf(e.getMessage())); // own words: what BlockDevice says
      health.mediaError();
      return opcode == READ ? Status.UNRECOVERED_READ_ERROR : opcode == FLUSH ? Status.INTERNAL_ERROR : Status.WRITE_FAULT;
    }
  }

  private Status flush() throws IOException {
    namespace.disk().flush();
    return Status.SUCCESS;
  }

  private static int blocks(NvmeCommand command) {
    return (command.dword(12) & 0xFFFF) + 1;
  }

  private Status checkBlocks(NvmeCommand command, boolean toWrite, int most) {
    if (!namespace.holds(command.qword(10), blocks(command))) {
      return Status.LBA_OUT_OF_RANGE;
    }
    if (blocks(command) > most) {
      return Status.INVALID_FIELD;
    }
    worked += (long) blocks(command) * BlockDevice.SECTOR;
    return toWrite && namespace.disk().readOnly() ? Status.WRITE_PROTECTED : Status.SUCCESS;
  }

  private Status read(NvmeCommand command) throws IOException {
    int blocks = blocks(command);
    Status status = checkBlocks(command, false, MOST_BLOCKS);
    if (status != Status.SUCCESS) {
      return status;
    }
    namespace.disk().read(command.qword(10), data.bytes(blocks * BlockDevice.SECTOR), 0, blocks);
    health.read(blocks);
    return data.toHost(command, blocks * BlockDevice.SECTOR);
  }

  private Status write(NvmeCommand command) throws IOException {
    int blocks = blocks(command);
    Status status = checkBlocks(command, true, MOST_BLOCKS);
    if (status == Status.SUCCESS) {
      status = data.fromHost(command, blocks * BlockDevice.SECTOR);
    }
    if (status != Status.SUCCESS) {
      return status;
    }
    namespace.disk().write(command.qword(10), data.bytes(blocks * BlockDevice.SECTOR), 0, blocks);
    health.wrote(blocks);
    return written(command);
  }

  private Status writeZeroes(NvmeCommand command) throws IOException {
    int blocks = blocks(command);
    Status status = checkBlocks(command, true, 1 << 16);
    if (status != Status.SUCCESS) {
      return status;
    }
    byte[] zeroes = data.blank(Math.min(blocks, MOST_BLOCKS) * BlockDevice.SECTOR).array();
    for (int done = 0; done < blocks; done += MOST_BLOCKS) {
      namespace.disk().write(command.qword(10) + done, zeroes, 0, Math.min(MOST_BLOCKS, blocks - done));
    }
    return written(command);
  }

  private Status written(NvmeCommand command) throws IOException {
    if ((command.dword(12) & FORCE_UNIT_ACCESS) != 0 || features.writesThrough()) {
      namespace.disk().flush();
    }
    return Status.SUCCESS;
  }

  /** Dataset Management: ranges that aren't needed any more are discarded; what else it may tell changes nothing. */
  private Status manage(NvmeCommand command) throws IOException {
    int ranges = (command.dword(10) & 0xFF) + 1;
    Status status = data.fromHost(command, ranges * RANGE);
    if (status != Status.SUCCESS || (command.dword(11) & DEALLOCATE) == 0) {
      return status;
    }
    ByteBuffer view = ByteBuffer.wrap(data.bytes(ranges * RANGE)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ranges; i++) {
      if (!namespace.holds(view.getLong(RANGE * i + 8), view.getInt(RANGE * i + 4) & 0xFFFF_FFFFL)) {
        return Status.LBA_OUT_OF_RANGE;
      }
    }
    if (namespace.disk().readOnly()) {
      return Status.WRITE_PROTECTED;
    }
    for (int i = 0; i < ranges; i++) {
      namespace.disk().discard(view.getLong(RANGE * i + 8), view.getInt(RANGE * i + 4) & 0xFFFF_FFFFL);
    }
    return Status.SUCCESS;
  }
}
