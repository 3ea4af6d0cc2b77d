// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/**
 * The functions of EFI_SIMPLE_NETWORK_PROTOCOL (UEFI 2.10, 24.1), for a layer whose devices carry frames: states, arguments, media headers and filters. What
 * an interface is in stands in its numbers; the mode structure, which guests may write to, only shows it.
 */
public final class SimpleNetwork {
  /** A number of this piece: the state. */
  private static final int STATE = 0;
  /** Another: the event that waits for frames. */
  private static final int EVENT = 1;
  private static final int BUFFERS = 2;
  /** How many numbers an interface has for this piece. */
  public static final int NUMBERS = BUFFERS + FrameBuffers.NUMBERS;
  /** A state besides those that guests know: it is about to be another one. */
  private static final int CHANGING = 3;
  private static final int RECEIVE_INTERRUPT = 1;
  private static final int TRANSMIT_INTERRUPT = 2;
  /** Frames for others that one call passes over. */
  private static final int MOST_PASSED = 256;

  /** Steps of Initialize and Reset: the device is opened, it is asked for a medium; Reset closes it before. */
  private enum Opening {
    BEGIN, OPENED, MEDIUM, CLOSED
  }

  /** Steps of Receive: its first, and those behind a frame that is for others and behind the one that is given. */
  private enum Receiving {
    BEGIN, PASSED_OVER, TAKEN
  }

  /** Number of Receive: how many frames it has passed over. */
  private enum ReceiveSlot {
    PASSED
  }

  /** Number of Transmit: where the frame is. */
  private enum TransmitSlot {
    SLOT
  }

  private final EfiLayer layer;
  private final FrameCarrier carrier;
  private final int first;

  /** Interfaces of a layer. @param first which number of an interface is the first one of this piece */
  public SimpleNetwork(EfiLayer layer, FrameCarrier carrier, int first) {
    this.layer = layer;
    this.carrier = carrier;
    this.first = first;
  }

  /** An interface's memory for frames. */
  public FrameBuffers buffers(Firmware firmware, long place) {
    return new FrameBuffers(numbers(firmware, place), first + BUFFERS);
  }

  /** A function of this piece; null if it has none of that name. */
  public @Nullable EfiFunction function(String name) {
    return switch (name) {
      case "StartNetwork" -> this::start;
      case "StopNetwork" -> this::stop;
      case "Initialize" -> this::initialize;
      case "Reset" -> this::reset;
      case "Shutdown" -> this::shutdown;
      case "ReceiveFilters" -> this::filters;
      case "StationAddress", "Statistics", "NvData" -> call -> EfiStep.done(refusal(call, EfiStatus.UNSUPPORTED));
      case "MCastIpToMac" -> this::group;
      case "GetStatus" -> this::status;
      case "Transmit" -> this::transmit;
      case "Receive" -> this::receive;
      case "PacketNotify" -> this::packetNotify;
      default -> null;
    };
  }

  /** The event that waits for frames. */
  void event(Firmware firmware, long place, long event) {
    numbers(firmware, place)[first + EVENT] = event;
    firmware.memory().put64(place + NetworkMode.WAIT_FOR_PACKET, event);
  }

  long event(Firmware firmware, long place) {
    return numbers(firmware, place)[first + EVENT];
  }

  private long[] numbers(Firmware firmware, long place) {
    long[] numbers = firmware.numbers(layer, place);
    if (numbers.length < first + NUMBERS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(place) + ": another kind of interface of " + layer.name());
    }
    return numbers;
  }

  private long state(Firmware firmware, long place) {
    return numbers(firmware, place)[first + STATE];
  }

  private void state(Firmware firmware, long place, long state) {
    numbers(firmware, place)[first + STATE] = state;
    if (state != CHANGING) {
      NetworkMode.state(firmware.memory(), place, state);
    }
  }

  /** Why a function can't be executed that wants an interface that is initialized. @param otherwise if there is no reason */
  private EfiStatus refusal(Call call, EfiStatus otherwise) {
    return switch ((int) state(call.firmware(), call.argument(0))) {
      case NetworkMode.STOPPED -> EfiStatus.NOT_STARTED;
      case NetworkMode.INITIALIZED -> otherwise;
      default -> EfiStatus.DEVICE_ERROR;
    };
  }

  private EfiStep start(Call call) {
    if (state(call.firmware(), call.argument(0)) != NetworkMode.STOPPED) {
      return EfiStep.done(EfiStatus.ALREADY_STARTED);
    }
    state(call.firmware(), call.argument(0), NetworkMode.STARTED);
    return EfiStep.done();
  }

  private EfiStep stop(Call call) {
    long state = state(call.firmware(), call.argument(0));
    if (state != NetworkMode.STARTED) {
      return EfiStep.done(state == NetworkMode.STOPPED ? EfiStatus.NOT_STARTED : EfiStatus.DEVICE_ERROR);
    }
    state(call.firmware(), call.argument(0), NetworkMode.STOPPED);
    return EfiStep.done();
  }

  /** Arguments: this, more bytes for frames that come, more for frames that go. */
  private EfiStep initialize(Call call) {
    Firmware firmware = call.firmware();
    long place = call.argument(0);
    if (call.isAt(Opening.BEGIN)) {
      long state = state(firmware, place);
      if (state != NetworkMode.STARTED) {
        return EfiStep.done(state == NetworkMode.STOPPED ? EfiStatus.NOT_STARTED : EfiStatus.DEVICE_ERROR);
      }
      if (call.argument(1) != 0 || call.argument(2) != 0) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      return open(call, place);
    }
    return opened(call, place);
  }

  private EfiStep open(Call call, long place) {
    state(call.firmware(), place, NetworkMode.STARTED);
    EfiStep step = carrier.open(call, Opening.OPENED, place);
    state(call.firmware(), place, CHANGING);
    return step;
  }

  /** Steps behind {@link FrameCarrier#open}. */
  private EfiStep opened(Call call, long place) {
    Firmware firmware = call.firmware();
    if (call.isAt(Opening.MEDIUM)) {
      if (call.result() >= 0) {
        NetworkMode.medium(firmware.memory(), place, call.result() == 1);
      }
      return EfiStep.done();
    }
    state(firmware, place, call.result() < 0 ? NetworkMode.STARTED : NetworkMode.INITIALIZED);
    if (call.result() < 0) {
      return EfiStep.done(call.result() == EfiStatus.OUT_OF_RESOURCES.code() ? EfiStatus.OUT_OF_RESOURCES : EfiStatus.DEVICE_ERROR);
    }
    return NetworkMode.knowsMedium(firmware.memory(), place) ? carrier.medium(call, Opening.MEDIUM, place) : EfiStep.done();
  }

  /** Filters stay as they are. */
  private EfiStep reset(Call call) {
    Firmware firmware = call.firmware();
    long place = call.argument(0);
    if (call.isAt(Opening.BEGIN)) {
      EfiStatus refusal = refusal(call, EfiStatus.SUCCESS);
      return refusal != EfiStatus.SUCCESS ? EfiStep.done(refusal) : close(call, Opening.CLOSED, place);
    }
    return call.isAt(Opening.CLOSED) ? open(call, place) : opened(call, place);
  }

  private EfiStep close(Call call, Enum<?> next, long place) {
    state(call.firmware(), place, CHANGING);
    buffers(call.firmware(), place).forget();
    return carrier.close(call, next, place);
  }

  private EfiStep shutdown(Call call) {
    long place = call.argument(0);
    if (call.isAt(AskOnce.ASK)) {
      EfiStatus refusal = refusal(call, EfiStatus.SUCCESS);
      return refusal != EfiStatus.SUCCESS ? EfiStep.done(refusal) : close(call, AskOnce.ANSWERED, place);
    }
    state(call.firmware(), place, NetworkMode.STARTED);
    return EfiStep.done();
  }

  /** Ends what whoever used an interface has left, before it is withdrawn or boot services end. */
  public EfiStep end(Call call, Enum<?> next, long place) {
    long state = state(call.firmware(), place);
    if (state == NetworkMode.STOPPED || state == NetworkMode.STARTED) {
      return new EfiStep.Go(next);
    }
    EfiStep step = close(call, next, place);
    state(call.firmware(), place, NetworkMode.STOPPED);
    return step;
  }

  /** Arguments: this, filters that are switched on, and off, whether the list of groups is emptied, how many groups there are, the list. */
  private EfiStep filters(Call call) {
    EfiStatus refusal = refusal(call, EfiStatus.SUCCESS);
    if (refusal != EfiStatus.SUCCESS) {
      return EfiStep.done(refusal);
    }
    EfiRam memory = call.firmware().memory();
    long place = call.argument(0);
    long on = call.argument(1) & 0xFFFF_FFFFL;
    long off = call.argument(2) & 0xFFFF_FFFFL;
    boolean emptied = (call.argument(3) & 0xFF) != 0;
    long count = call.argument(4);
    boolean groups = (on & ~off & NetworkMode.MULTICAST) != 0 && !emptied;
    if (((on | off) & ~NetworkMode.FILTERS) != 0 || groups && !isCount(count, call.argument(5))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    // All are read before one is written: the list may end where there is no memory, and may be the one in the mode structure.
    List<byte[]> list = groups ? NetworkMode.addresses(memory, call.argument(5), (int) count) : List.of();
    if (list.stream().anyMatch(each -> (each[0] & 1) == 0)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (groups || emptied) {
      NetworkMode.groups(memory, place, list);
    }
    NetworkMode.setting(memory, place, (NetworkMode.setting(memory, place) | on) & ~off);
    return EfiStep.done();
  }

  private static boolean isCount(long count, long list) {
    return count >= 1 && count <= NetworkMode.MOST_GROUPS && list != 0;
  }

  /** Arguments: this, whether it is an address of IPv6, the address, where that of Ethernet goes (RFC 1112, 6.4; RFC 2464, 7). */
  private EfiStep group(Call call) {
    EfiStatus refusal = refusal(call, EfiStatus.SUCCESS);
    if (refusal != EfiStatus.SUCCESS) {
      return EfiStep.done(refusal);
    }
    if (call.argument(2) == 0 || call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    boolean six = (call.argument(1) & 0xFF) != 0;
    byte[] ip = call.firmware().memory().read(call.argument(2), six ? 16 : 4);
    if (six ? ip[0] != (byte) 0xFF : (ip[0] & 0xF0) != 0xE0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    byte[] group = six ? new byte[] {0x33, 0x33, ip[12], ip[13], ip[14], ip[15]} : new byte[] {1, 0, 0x5E, (byte) (ip[1] & 0x7F), ip[2],
        ip[3]};
    call.firmware().memory().write(call.argument(3), Arrays.copyOf(group, NetworkMode.ADDRESS_ROOM));
    return EfiStep.done();
  }

  /** Arguments: this, where the interrupts go that there would be, where the buffer goes that was sent; one of both may be 0. */
  private EfiStep status(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long place = call.argument(0);
    EfiStatus refusal = refusal(call, call.argument(1) == 0 && call.argument(2) == 0 ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS);
    if (refusal != EfiStatus.SUCCESS) {
      return EfiStep.done(refusal);
    }
    if (call.isAt(AskOnce.ASK) && NetworkMode.knowsMedium(memory, place)) {
      return carrier.medium(call, AskOnce.ANSWERED, place);
    }
    if (call.isAt(AskOnce.ANSWERED)) {
      if (call.result() < 0) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      NetworkMode.medium(memory, place, call.result() == 1);
    }
    passOverForgotten(firmware, place);
    int sent = carrier.sent(firmware, place);
    if (call.argument(1) != 0) {
      memory.put32(call.argument(1), (carrier.arrived(firmware, place) != null ? RECEIVE_INTERRUPT : 0) | (sent >= 0 ? TRANSMIT_INTERRUPT
          : 0));
    }
    if (call.argument(2) != 0) {
      // Nothing is taken before the caller has it: there may be no memory.
      memory.put64(call.argument(2), sent < 0 ? 0 : buffers(firmware, place).caller(sent));
      if (sent >= 0) {
        buffers(firmware, place).release(sent);
        carrier.takeSent(firmware, place);
      }
    }
    return EfiStep.done();
  }

  /** Frames that were being sent when the interface was shut down are nobody's. */
  private void passOverForgotten(Firmware firmware, long place) {
    FrameBuffers buffers = buffers(firmware, place);
    for (int slot = carrier.sent(firmware, place); slot >= 0 && buffers.caller(slot) == 0; slot = carrier.sent(firmware, place)) {
      buffers.release(slot);
      carrier.takeSent(firmware, place);
    }
  }

  /** Arguments: this, bytes of the header that is to be filled in, bytes of the frame, the frame, source, destination, type. */
  private EfiStep transmit(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long place = call.argument(0);
    if (!call.isAt(AskOnce.ASK)) {
      if (call.result() >= 0) {
        return EfiStep.done();
      }
      // The device finds the frame when it is told of another one, but the caller has its buffer back already.
      buffers(firmware, place).forget((int) call.get(TransmitSlot.SLOT));
      carrier.untold(firmware, place);
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    long header = call.argument(1);
    long size = call.argument(2);
    long buffer = call.argument(3);
    EfiStatus refusal = refusal(call, EfiStatus.SUCCESS);
    if (refusal == EfiStatus.SUCCESS) {
      refusal = refusal(header, size, buffer, call.argument(5), call.argument(6));
    }
    if (refusal != EfiStatus.SUCCESS) {
      return EfiStep.done(refusal);
    }
    byte[] frame = memory.read(buffer, (int) size);
    if (header != 0) {
      byte[] source = call.argument(4) == 0 ? NetworkMode.station(memory, place) : memory.read(call.argument(4), NetworkMode.ADDRESS);
      ByteBuffer.wrap(frame).put(memory.read(call.argument(5), NetworkMode.ADDRESS)).put(source).putShort((short) memory.get16(call
          .argument(6)));
      memory.write(buffer, Arrays.copyOf(frame, NetworkMode.HEADER));
    }
    passOverForgotten(firmware, place);
    FrameBuffers buffers = buffers(firmware, place);
    int slot = buffers.claim(carrier.sendable(firmware, place), buffer);
    if (slot < 0) {
      return EfiStep.done(EfiStatus.NOT_READY);
    }
    memory.write(buffers.sending(slot), frame);
    call.set(TransmitSlot.SLOT, slot);
    return carrier.send(call, AskOnce.ANSWERED, place, slot, (int) size);
  }

  private static EfiStatus refusal(long header, long size, long buffer, long destination, long type) {
    if (buffer == 0 || header != 0 && (header != NetworkMode.HEADER || destination == 0 || type == 0)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (size >= 0 && size < NetworkMode.HEADER) {
      return EfiStatus.BUFFER_TOO_SMALL;
    }
    return size < 0 || size > NetworkMode.HEADER + NetworkMode.MOST_PAYLOAD ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS;
  }

  /** Arguments: this, where the header's size goes, size of the buffer, the buffer, where source, destination and type go; all but two may be 0. */
  private EfiStep receive(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long place = call.argument(0);
    if (!call.isFirst() && call.result() < 0) {
      carrier.untold(firmware, place);
    }
    if (call.isAt(Receiving.TAKEN)) {
      return EfiStep.done(call.result() < 0 ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS);
    }
    EfiStatus refusal = refusal(call, call.argument(2) == 0 || call.argument(3) == 0 ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS);
    FrameCarrier.Arrival frame = refusal == EfiStatus.SUCCESS ? carrier.arrived(firmware, place) : null;
    if (frame == null || call.get(ReceiveSlot.PASSED) == MOST_PASSED) {
      return EfiStep.done(refusal == EfiStatus.SUCCESS ? EfiStatus.NOT_READY : refusal);
    }
    if (frame.length() < NetworkMode.HEADER || !NetworkMode.passes(memory, place, memory.read(frame.address(), NetworkMode.ADDRESS))) {
      call.set(ReceiveSlot.PASSED, call.get(ReceiveSlot.PASSED) + 1);
      return carrier.takeArrived(call, Receiving.PASSED_OVER, place);
    }
    long room = memory.get64(call.argument(2));
    memory.put64(call.argument(2), frame.length());
    if (room >= 0 && room < frame.length()) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    byte[] bytes = memory.read(frame.address(), frame.length());
    memory.write(call.argument(3), bytes);
    describe(call, bytes);
    return carrier.takeArrived(call, Receiving.TAKEN, place);
  }

  private static void describe(Call call, byte[] frame) {
    EfiRam memory = call.firmware().memory();
    if (call.argument(1) != 0) {
      memory.put64(call.argument(1), NetworkMode.HEADER);
    }
    if (call.argument(4) != 0) {
      memory.write(call.argument(4), Arrays.copyOfRange(frame, NetworkMode.ADDRESS, 2 * NetworkMode.ADDRESS));
    }
    if (call.argument(5) != 0) {
      memory.write(call.argument(5), Arrays.copyOf(frame, NetworkMode.ADDRESS));
    }
    if (call.argument(6) != 0) {
      memory.put16(call.argument(6), ByteBuffer.wrap(frame).getShort(2 * NetworkMode.ADDRESS));
    }
  }

  /** The notification function of the event that waits for frames: event and, as context, the interface. */
  private EfiStep packetNotify(Call call) {
    Firmware firmware = call.firmware();
    long place = call.argument(1);
    if (!call.isAt(AskOnce.ASK) || state(firmware, place) != NetworkMode.INITIALIZED || carrier.arrived(firmware, place) == null) {
      return EfiStep.done();
    }
    return EfiStep.call(AskOnce.ANSWERED, firmware.service(BootService.SIGNAL_EVENT), call.argument(0));
  }
}
