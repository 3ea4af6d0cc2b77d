// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.ScsiPacket;
import org.xenolith.efi.boot.kit.VirtioQueue;
import org.xenolith.efi.boot.kit.VirtioQueue.Buffer;

/** One SCSI command: a packet of EFI's (UEFI 2.10, 15.7.2) to a request of virtio's and back (Virtio 1.2, 5.6.6.1). */
final class PassingThru {
  private static final int REQUEST = 51;
  private static final int COMMAND_AT = 19;
  private static final int MOST_COMMAND = 32;
  private static final int RESPONSE_AT = 64;
  private static final int RESPONSE = 12 + 96;
  private static final int MOST_SENSE = 96;
  private static final int SECTOR = 512;
  // A response's fields.
  private static final int SENSE_LENGTH = 0;
  private static final int RESIDUAL = 4;
  private static final int STATUS = 10;
  private static final int RESULT = 11;
  private static final int SENSE = 12;
  // Results.
  private static final int OK = 0;
  private static final int OVERRUN = 1;
  private static final int ABORTED = 2;
  private static final int BAD_TARGET = 3;
  private static final int RESET = 4;
  private static final int BUSY = 5;
  private static final int NO_RESULT = 0xFF;
  private static final String DEVICE = "virtio SCSI host";

  /** Steps: the command is sent, and it is looked whether it is over as often as it isn't. */
  private enum Step {
    SEND, LOOK, LOOK_AGAIN
  }

  private final PassThruLayer layer;

  PassingThru(PassThruLayer layer) {
    this.layer = layer;
  }

  /** Arguments: this, target, LUN, packet, event. */
  EfiStep next(Call call) {
    VirtioQueue queue = new VirtioQueue(layer.interfaceNumbers(call), 0);
    if (call.isAt(Step.SEND)) {
      return begin(call, queue);
    }
    EfiRam memory = call.firmware().memory();
    long packet = call.argument(3);
    EfiStep step = queue.poll(call, Step.LOOK_AGAIN, DEVICE);
    if (step != null) {
      return step.ends() ? failed(memory, packet, step) : step;
    }
    return answered(memory, queue.room() + RESPONSE_AT, packet);
  }

  /** A command of which the device says nothing. */
  private static EfiStep failed(EfiRam memory, long packet, EfiStep step) {
    memory.put8(packet + ScsiPacket.HOST_STATUS, ScsiPacket.HOST_OTHER);
    memory.put8(packet + ScsiPacket.TARGET_STATUS, 0);
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, 0);
    memory.put32(ScsiPacket.length(packet, memory.get8(packet + ScsiPacket.DIRECTION)), 0);
    return step;
  }

  private EfiStep begin(Call call, VirtioQueue queue) {
    EfiRam memory = call.firmware().memory();
    long packet = call.argument(3);
    if (packet == 0 || call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long target = Addressing.target(memory, call.argument(1), layer.mostTarget(queue.numbers()));
    long lun = call.argument(2);
    int command = memory.get8(packet + ScsiPacket.COMMAND_LENGTH);
    int direction = memory.get8(packet + ScsiPacket.DIRECTION);
    if (target < 0 || lun < 0 || lun > layer.mostLun(queue.numbers()) || command == 0 || command > MOST_COMMAND) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (direction != ScsiPacket.READ && direction != ScsiPacket.WRITE) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long length = memory.get32(ScsiPacket.length(packet, direction));
    long data = memory.get64(ScsiPacket.data(packet, direction));
    long most = layer.mostSectors(queue.numbers()) * SECTOR;
    if (length > most) {
      memory.put32(ScsiPacket.length(packet, direction), most);
      return EfiStep.done(EfiStatus.BAD_BUFFER_SIZE);
    }
    if (length != 0 && data == 0 || memory.get64(packet + ScsiPacket.COMMAND) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    call.firmware().requireMemory(data, length); // a device would be told to go to where there is none, and not used again
    int sense = memory.get8(packet + ScsiPacket.SENSE_LENGTH);
    long place = memory.get64(packet + ScsiPacket.SENSE);
    if (sense != 0 && place != 0) {
      memory.write(place, memory.read(place, sense)); // nor could the answer be given of a command that has been carried out
    }
    EfiStep first = queue.begin(call, Call.TPL_NOTIFY, DEVICE);
    if (first != null) {
      return first.ends() ? failed(memory, packet, first) : first;
    }
    long request = queue.room();
    memory.clear(request, RESPONSE_AT + RESPONSE);
    memory.put8(request, 1);
    memory.put8(request + 1, target);
    memory.put8(request + 2, 0x40 | lun >>> 8);
    memory.put8(request + 3, lun);
    memory.write(request + COMMAND_AT, memory.read(memory.get64(packet + ScsiPacket.COMMAND), command));
    long response = request + RESPONSE_AT;
    memory.put8(response + RESULT, NO_RESULT);
    List<Buffer> chain = new ArrayList<>(List.of(new Buffer(request, REQUEST, false), new Buffer(response, RESPONSE, true)));
    if (length != 0) {
      chain.add(direction == ScsiPacket.READ ? 2 : 1, new Buffer(data, length, direction == ScsiPacket.READ));
    }
    return queue.send(call, Step.LOOK, chain.toArray(Buffer[]::new));
  }

  private static EfiStep answered(EfiRam memory, long response, long packet) {
    int direction = memory.get8(packet + ScsiPacket.DIRECTION);
    long length = memory.get32(ScsiPacket.length(packet, direction));
    int sense = (int) Math.min(Math.min(memory.get32(response + SENSE_LENGTH), MOST_SENSE), memory.get8(packet + ScsiPacket.SENSE_LENGTH));
    long place = memory.get64(packet + ScsiPacket.SENSE);
    sense = place == 0 ? 0 : sense;
    if (sense > 0) {
      memory.write(place, memory.read(response + SENSE, sense));
    }
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, sense);
    memory.put8(packet + ScsiPacket.TARGET_STATUS, memory.get8(response + STATUS));
    int result = memory.get8(response + RESULT);
    // A command that isn't carried out moves nothing, and devices name no residue of it. One that may be sent again keeps its length.
    long left = switch (result) {
      case OK, OVERRUN -> memory.get32(response + RESIDUAL);
      case RESET, BUSY, ABORTED -> 0;
      default -> length;
    };
    memory.put32(ScsiPacket.length(packet, direction), length - Math.min(length, left));
    memory.put8(packet + ScsiPacket.HOST_STATUS, switch (result) {
      case OK -> ScsiPacket.HOST_OK;
      case OVERRUN -> ScsiPacket.HOST_OVERRUN;
      case BAD_TARGET -> ScsiPacket.HOST_SELECTION_TIMEOUT;
      case RESET -> ScsiPacket.HOST_BUS_RESET;
      default -> ScsiPacket.HOST_OTHER;
    });
    return EfiStep.done(switch (result) {
      case OK, OVERRUN -> EfiStatus.SUCCESS;
      case BAD_TARGET -> EfiStatus.TIMEOUT;
      case RESET, BUSY, ABORTED -> EfiStatus.NOT_READY;
      default -> EfiStatus.DEVICE_ERROR;
    });
  }
}
