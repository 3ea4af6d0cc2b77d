// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.XenCalls;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.StoreMessage;

/** The functions of {@link XenBus}. */
final class DeviceFunctions {
  private static final int MOST_PATH = StoreMessage.XENSTORE_ABS_PATH_MAX;
  private static final int MOST_VALUE = 4096;
  private static final int ENTRY = 8;
  private static final int PAGE_SHIFT = 12;
  /** References that Xen keeps for itself (grant_table.h). */
  private static final int FIRST = 8;

  /** Steps of Open: the channel is noted, so that it can be closed; or is closed at once if there is no memory for that. */
  private enum Opening {
    OPEN, NOTE, CLOSED
  }

  /** Number of Open: memory for hypercalls. */
  private enum OpenSlot {
    ROOM
  }

  private final XenBusLayer layer;

  DeviceFunctions(XenBusLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(XenBus function) {
    return switch (function) {
      case READ -> this::read;
      case WRITE -> this::write;
      case REMOVE -> call -> call.isAt(AskOnce.ASK) ? path(call, StoreMessage.XS_RM, call.argument(1), call.argument(2)) : EfiStep.done(call
          .result());
      case BEGIN -> this::begin;
      case END -> this::end;
      case GRANT -> this::grant;
      case END_GRANT -> this::endGrant;
      case OPEN -> this::open;
      case NOTIFY -> call -> channel(call, true);
      case CLOSE -> call -> channel(call, false);
    };
  }

  private long[] device(Call call) {
    return InterfaceNumbers.of(call, layer, OpenPorts.PLACE + 1);
  }

  private long bus(Call call) {
    return device(call)[0];
  }

  private long[] numbers(Call call) {
    return call.firmware().numbers(layer, bus(call));
  }

  private static int length(EfiRam memory, long text, int most) {
    int length = 0;
    while (length <= most && memory.get8(text + length) != 0) {
      length++;
    }
    return length;
  }

  /** Sends a message that is a path only. */
  private EfiStep path(Call call, int type, long transaction, long path) {
    int length = length(call.firmware().memory(), path, MOST_PATH);
    return length > MOST_PATH ? EfiStep.done(EfiStatus.INVALID_PARAMETER) : layer.exchange(call, AskOnce.ANSWERED, bus(call), type,
        transaction, path,
        length + 1);
  }

  private EfiStep read(Call call) {
    if (call.isAt(AskOnce.ASK)) {
      return path(call, StoreMessage.XS_READ, call.argument(1), call.argument(2));
    }
    if (call.result() != 0) {
      return EfiStep.done(call.result());
    }
    EfiRam memory = call.firmware().memory();
    long[] bus = numbers(call);
    long room = memory.get64(call.argument(4));
    memory.put64(call.argument(4), bus[Bus.LENGTH]);
    if (Long.compareUnsigned(room, bus[Bus.LENGTH]) < 0) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    memory.write(call.argument(3), memory.read(Bus.answer(bus), (int) bus[Bus.LENGTH]));
    return EfiStep.done();
  }

  private EfiStep write(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    EfiRam memory = call.firmware().memory();
    int length = length(memory, call.argument(2), MOST_PATH);
    long size = call.argument(4);
    if (length > MOST_PATH || size < 0 || size > MOST_VALUE - length - 1) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long message = call.room(length + 1 + (int) size);
    memory.write(message, memory.read(call.argument(2), length));
    memory.write(message + length + 1, memory.read(call.argument(3), (int) size));
    return layer.exchange(call, AskOnce.ANSWERED, bus(call), StoreMessage.XS_WRITE, call.argument(1), message, length + 1 + size);
  }

  private EfiStep begin(Call call) {
    EfiRam memory = call.firmware().memory();
    if (call.isAt(AskOnce.ASK)) {
      memory.get32(call.argument(1)); // or nobody would ever end it
      return layer.exchange(call, AskOnce.ANSWERED, bus(call), StoreMessage.XS_TRANSACTION_START, 0, call.room(1), 1);
    }
    if (call.result() != 0) {
      return EfiStep.done(call.result());
    }
    long[] bus = numbers(call);
    long number = XenBusLayer.number(memory, Bus.answer(bus), bus[Bus.LENGTH]);
    if (number <= 0 || number > 0xFFFF_FFFFL) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    memory.put32(call.argument(1), number);
    return EfiStep.done();
  }

  private EfiStep end(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long said = call.room(2);
    call.firmware().memory().put8(said, (call.argument(2) & 0xFF) != 0 ? 'F' : 'T');
    return layer.exchange(call, AskOnce.ANSWERED, bus(call), StoreMessage.XS_TRANSACTION_END, call.argument(1), said, 2);
  }

  private EfiStep grant(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] bus = numbers(call);
    long page = call.argument(2);
    if (page >>> Integer.SIZE != 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER); // an entry has 32 bits for it: another page would be granted
    }
    memory.get8(page << PAGE_SHIFT); // nobody could use what is no memory
    long count = bus[Bus.FRAMES] * Bus.PAGE / ENTRY;
    for (long reference = FIRST; reference < count; reference++) {
      long entry = bus[Bus.GRANTS] + reference * ENTRY;
      if (memory.get16(entry) == GrantFlag.GTF_invalid) {
        memory.put32(call.argument(4), reference); // first: who doesn't get it can't take it back
        memory.put16(entry + 2, call.argument(1));
        memory.put32(entry + 4, page);
        memory.put16(entry, GrantFlag.GTF_permit_access | ((call.argument(3) & 0xFF) != 0 ? GrantFlag.GTF_readonly : 0));
        return EfiStep.done();
      }
    }
    return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
  }

  private EfiStep endGrant(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] bus = numbers(call);
    long reference = call.argument(1) & 0xFFFF_FFFFL;
    if (reference < FIRST || reference >= bus[Bus.FRAMES] * Bus.PAGE / ENTRY) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long entry = bus[Bus.GRANTS] + reference * ENTRY;
    int flags = memory.get16(entry);
    if ((flags & GrantFlag.GTF_type_mask) == GrantFlag.GTF_invalid) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if ((flags & (GrantFlag.GTF_reading | GrantFlag.GTF_writing)) != 0) {
      return EfiStep.done(EfiStatus.NOT_READY);
    }
    memory.put16(entry, GrantFlag.GTF_invalid);
    memory.put32(entry + 4, 0);
    return EfiStep.done();
  }

  private EfiStep open(Call call) {
    EfiRam memory = call.firmware().memory();
    if (call.isAt(Opening.OPEN)) {
      bus(call);
      memory.get32(call.argument(2)); // or nobody would ever close it
      call.set(OpenSlot.ROOM, call.room(XenCalls.ROOM));
      return EfiStep.touch(Opening.NOTE, XenCalls.open(memory, call.get(OpenSlot.ROOM), call.argument(1)));
    }
    if (call.isAt(Opening.CLOSED) || call.accessed(0) != 0) {
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    long port = XenCalls.port(memory, call.get(OpenSlot.ROOM));
    try {
      ports(call).add(port);
    } catch (EfiError e) {
      return EfiStep.touch(Opening.CLOSED, XenCalls.close(memory, call.get(OpenSlot.ROOM), port)); // or nobody could close it
    }
    memory.put32(call.argument(2), port);
    return EfiStep.done();
  }

  private OpenPorts ports(Call call) {
    return new OpenPorts(call.firmware(), layer, device(call));
  }

  private EfiStep channel(Call call, boolean send) {
    EfiRam memory = call.firmware().memory();
    long port = call.argument(1) & 0xFFFF_FFFFL;
    if (call.isAt(AskOnce.ASK)) {
      // The store's: who closes it has no store any more, nor has the operating system. Others are somebody else's.
      if (port == numbers(call)[Bus.PORT] || !send && !ports(call).has(port)) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      long room = call.room(XenCalls.ROOM);
      return EfiStep.touch(AskOnce.ANSWERED, send ? XenCalls.send(memory, room, port) : XenCalls.close(memory, room, port));
    }
    if (!send) {
      ports(call).remove(port);
    }
    return EfiStep.done(call.accessed(0) == 0 ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
  }
}
